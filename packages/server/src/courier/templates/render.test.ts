import { languages } from '@latchkey/api'
import { describe, expect, test } from 'vitest'
import { messageSamples, sampleUrl } from '../../../test/courier.ts'
import { type RenderOptions, render } from './render.ts'
import { smsTemplates, type TemplateType } from './types.ts'

const code = '402118'
const types = Object.keys(messageSamples) as TemplateType[]
const mail = (type: TemplateType, more: Partial<RenderOptions> = {}) =>
  render(type, messageSamples[type], { via: 'email', language: 'en', name: 'Harbour & <Sons>', ...more })

describe.each(languages)('in %s', (language) => {
  test.each(types)('%s holds what it is sent for, in text and HTML', (type) => {
    const { subject, text, html } = mail(type, { language })
    expect(subject).toContain('Harbour & <Sons>')
    expect(subject).not.toContain(code)
    expect(html).toContain(`<html lang="${language}">`)
    if (type.includes('code_valid')) {
      expect(text.match(/\b\d{6}\b/)?.[0]).toBe(code)
      expect(text).toMatch(new RegExp(`^ *${code}$`, 'm'))
      expect(html).toContain(`>${code}<`)
      expect(text).toContain('15')
    }
    if (type === 'recovery_valid' || type === 'verification_valid') {
      expect(text.split('\n')).toContain(sampleUrl)
      expect(html).toContain(`href="${sampleUrl.replace('&', '&amp;')}"`)
    }
    if (type.includes('invalid')) expect(`${text}${html}`).not.toMatch(/\d{6}/)
  })

  test.each(smsTemplates)('%s exists as a text message', (type) => {
    const { text, html, subject } = mail(type, { language, via: 'sms', name: 'Harbour' })
    expect(text).toContain('Harbour')
    if (type.includes('code_valid')) {
      expect(text).toMatch(/^402118 /)
      expect(text.endsWith('\n\n@harbour.example #402118')).toBe(true)
    }
    expect(text.length).toBeLessThan(160)
    expect({ html, subject }).toEqual({ html: undefined, subject: '' })
  })
})

test('every language words every message in its own way', () => {
  for (const type of types) expect(mail(type, { language: 'de' }).text).not.toBe(mail(type).text)
})

test('what people could have chosen is escaped', () => {
  const login = { ...messageSamples.login_code_valid, login_code: '<b>"1"</b>' }
  const { html = '' } = render('login_code_valid', login, {
    via: 'email',
    language: 'en',
    name: '<script>alert(1)</script>',
  })
  expect(html).not.toMatch(/<script|<b>/)
  const broken = { ...messageSamples.recovery_valid, recovery_url: 'javascript:alert(1)' }
  expect(render('recovery_valid', broken, { via: 'email', language: 'en', name: 'x' }).html).toContain('href="#"')
})

test('a subject stays one line', () => {
  expect(mail('login_code_valid', { name: 'A\r\nBcc: everyone@harbour.example' }).subject).not.toMatch(/[\r\n]/)
})

test('what has no wording for phones is not sent to them', () => {
  expect(() => mail('recovery_valid', { via: 'sms' })).toThrow('does not exist as a text message')
})
