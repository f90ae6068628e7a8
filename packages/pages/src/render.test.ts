import { uiText } from '@latchkey/api'
import { describe, expect, it } from 'vitest'
import { flow, pages } from '../test/fixtures.ts'
import { buttonOf, fieldOf, html, tagsOf } from '../test/html.ts'
import { csrf, input, password, submit, titled } from '../test/nodes.ts'
import type { UiNode } from './flow/flow.ts'
import { assets } from './index.ts'
import { languages } from './language.ts'
import { words } from './words.ts'

describe.each(Object.entries(pages))('page %s', (_, page) => {
  it.each(languages)('is a complete document with title, heading, main landmark and language in %s', (language) => {
    const text = html(page, language)
    expect(text).toMatch(/^<!doctype html><html lang="(en|de)">/)
    expect(text).toContain(`lang="${language}"`)
    expect(text).toMatch(/<title>[^<]+ · Latchkey<\/title>/)
    expect(tagsOf(text, 'h1')).toHaveLength(1)
    expect(tagsOf(text, 'main')).toHaveLength(1)
    expect(text).not.toMatch(/undefined|\[object|NaN|>null</)
  })

  it('has no inline script, style or handler', () => {
    const text = html(page)
    expect(text).not.toMatch(/<style|<script[^>]*>[^<]/)
    const own = text.replace(/srcdoc="[^"]*"/g, '')
    expect(own).not.toMatch(/\sstyle=|\son[a-z]+="|javascript:/i)
  })

  it('has a label for every field and unique ids', () => {
    const text = html(page)
    const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1])
    expect(new Set(ids).size).toBe(ids.length)
    const labeled = new Set([...text.matchAll(/<label[^>]*\sfor="([^"]+)"/g)].map((match) => match[1]))
    for (const tag of [...tagsOf(text, 'input'), ...tagsOf(text, 'select')]) {
      if (/type="hidden"|\shidden|aria-hidden="true"/.test(tag)) continue
      expect(labeled).toContain(/\sid="([^"]+)"/.exec(tag)?.[1])
    }
  })

  it('references only existing descriptions, and focuses at most one field', () => {
    const text = html(page)
    for (const [, list = ''] of text.matchAll(/aria-(?:describedby|labelledby|controls)="([^"]+)"/g)) {
      for (const id of list.split(' ')) expect(text).toContain(` id="${id}"`)
    }
    expect(text.match(/\sautofocus/g)?.length ?? 0).toBeLessThanOrEqual(1)
  })

  it('has the CSRF token in every form that posts', () => {
    for (const form of html(page).split('<form').slice(1)) {
      expect(form.slice(0, form.indexOf('</form>'))).toMatch(/name="csrf_token" value="csrf-of-the-(flow|pages)"/)
    }
  })

  it('references its assets by their hashed names', () => {
    const text = html(page)
    for (const asset of assets) expect(text).toContain(`/ui${asset.path}`)
  })
})

describe('a trait', () => {
  const page = (
    value: unknown,
    type: 'text' | 'datetime-local' | 'hidden',
    kind: 'settings' | 'registration' = 'settings',
  ) =>
    html(
      flow(kind, [
        csrf,
        input('profile', { name: 'traits.berths', type, value }),
        submit('profile', 'method', 'profile', titled('x', 'Save')),
      ]),
    )
  const valuesIn = (text: string) =>
    tagsOf(text, 'input')
      .filter((tag) => tag.includes('name="traits.berths"'))
      .map((tag) => /value="([^"]*)"/.exec(tag)?.[1] ?? '')

  it('that is a list has a field for each item and one more, each with a label', () => {
    const text = page(['a', 2], 'text')
    expect(valuesIn(text)).toEqual(['a', '2', ''])
    expect(text).toContain('for="profile-traits-berths-3"')
  })

  it('that is a list is carried to the next step as one hidden field for each item', () => {
    expect(valuesIn(page(['a', 'a'], 'hidden'))).toEqual(['a', 'a'])
  })

  it.each([
    ['2026-05-01T10:00:00Z', '2026-05-01T10:00'],
    ['2026-05-01T12:00:30+02:00', '2026-05-01T10:00:30'],
    ['2026-05-01T10:00:00.25Z', '2026-05-01T10:00:00.250'],
    ['soon', 'soon'],
  ])('that is the time %s is shown as %s, which browsers take', (value, shown) => {
    expect(valuesIn(page(value, 'datetime-local'))).toEqual([shown])
  })
})

describe('the name that password managers store with a password', () => {
  const textOf = (kind: 'login' | 'registration', nodes: UiNode[]) =>
    html(flow(kind, [csrf, ...nodes, submit('password', 'method', 'password', titled('x', 'Go'))]))
  const secret = input('password', { name: 'password', type: 'password', required: true })
  const inputNamed = (text: string, name: string) =>
    tagsOf(text, 'input')
      .filter((tag) => tag.includes(`name="${name}"`))
      .join()

  it.each([
    ['login', 'identifier', 'ada@harbour.example', {}],
    ['registration', 'traits.email', 'ada@harbour.example', { autocomplete: 'email' }],
    ['registration', 'traits.username', 'ada', {}],
    ['registration', 'traits.contact', 'ada@harbour.example', {}],
  ] as const)('is a text field that nobody sees: %s, %s', (kind, name, value, more) => {
    const node = input('default', { name, type: 'hidden', value, ...more })
    const other = input('default', { name: 'traits.other', type: 'hidden', value: 'x' })
    const text = textOf(kind, [other, node, secret])
    const tag = inputNamed(text, name)
    for (const part of ['type="text"', 'autocomplete="username"', 'readonly', 'visually-hidden', `value="${value}"`])
      expect(tag).toContain(part)
    expect(inputNamed(text, 'traits.other')).toContain('type="hidden"')
  })

  it('is left hidden where no password is asked for', () => {
    const node = input('default', { name: 'identifier', type: 'hidden', value: 'ada@harbour.example' })
    expect(inputNamed(textOf('login', [node]), 'identifier')).toContain('type="hidden"')
  })
})

describe('page wording', () => {
  it.each(languages)('exists for every key, with the same placeholders, in %s', (language) => {
    expect(Object.keys(words[language]).sort()).toEqual(Object.keys(words.en).sort())
    for (const [key, text] of Object.entries(words[language])) {
      expect(text.trim(), key).not.toBe('')
      const english = Object.entries(words.en).find(([name]) => name === key)?.[1] ?? ''
      expect(text.match(/\{\w+\}/g)?.sort(), key).toEqual(english.match(/\{\w+\}/g)?.sort())
    }
  })

  it('differs between the languages on every page', () => {
    for (const [name, page] of Object.entries(pages)) expect(html(page, 'de'), name).not.toBe(html(page, 'en'))
    expect(html(pages.login, 'de')).toContain('Mit Passwort anmelden')
  })
})

describe('fields', () => {
  it('have autocomplete attributes for signing in', () => {
    const text = html(pages.login)
    expect(fieldOf(text, 'identifier')).toContain('autocomplete="username"')
    expect(fieldOf(text, 'password')).toContain('autocomplete="current-password"')
  })

  it('have autocomplete attributes for signing up', () => {
    const text = html(pages.registration)
    expect(fieldOf(text, 'traits.email')).toMatch(/autocomplete="email".*inputmode="email"/)
    expect(fieldOf(text, 'traits.name.first')).toContain('autocomplete="given-name"')
    expect(fieldOf(text, 'password')).toContain('autocomplete="new-password"')
  })

  it('accept a one-time code with spaces, and request the numeric keyboard', () => {
    for (const name of ['login-code', 'registration-code', 'recovery-code', 'verification-wrong']) {
      const field = fieldOf(html(pages[name]), 'code')
      expect(field).toContain('autocomplete="one-time-code"')
      expect(field).toContain('inputmode="numeric"')
      expect(field).not.toMatch(/maxlength|pattern|type="number"/)
    }
  })

  it('never contain a submitted password', () => {
    const node = password('current-password')
    Object.assign(node.attributes, { value: 'secret-of-ada' })
    expect(html(flow('login', [csrf, node]))).not.toContain('secret-of-ada')
  })

  it('escape submitted values', () => {
    const evil = `"><script>alert(1)</script><img src=x onerror='alert(1)'>`
    const label = titled('identifier', evil)
    const nodes = [
      csrf,
      input('default', { name: 'identifier', type: 'text', value: evil }, label, [uiText(4000001, { reason: evil })]),
      submit('password', 'method', 'password', uiText(1010022)),
    ]
    const text = html(flow('login', nodes, { messages: [uiText(4000001, { reason: evil })], return_to: evil }))
    expect(text).not.toContain('<script>alert')
    expect(text).not.toContain('<img')
    expect(text).toContain('&lt;script>alert(1)')
  })

  it('are a select if the schema lists the values', () => {
    const text = html(pages['settings-everything'])
    expect(text).toMatch(/<select[^>]*name="traits.plan"/)
    expect(text).toMatch(/<option selected value="free"|<option value="free" selected/)
  })

  it('send false before the true of a checkbox, for the unchecked state', () => {
    const text = html(pages.registration)
    expect(text.indexOf('type="hidden" name="traits.newsletter" value="false"')).toBeGreaterThan(0)
    expect(fieldOf(text, 'traits.newsletter')).toMatch(/type="checkbox" value="true"/)
    expect(fieldOf(text, 'traits.newsletter')).not.toContain('checked')
    expect(fieldOf(html(pages.settings), 'traits.newsletter')).toContain('checked')
  })
})

describe('errors', () => {
  it('are shown at their field, which references them and gets the focus', () => {
    const text = html(pages['registration-wrong'])
    const field = fieldOf(text, 'traits.email')
    expect(field).toContain('aria-invalid="true"')
    expect(field).toContain('autofocus')
    expect(field).toContain('aria-describedby="default-traits-email-messages"')
    expect(text).toMatch(/id="default-traits-email-messages"><p[^>]*role="alert"/)
    expect(fieldOf(text, 'password')).toContain('aria-invalid="true"')
    expect(fieldOf(text, 'password')).not.toContain('autofocus')
    expect(fieldOf(text, 'traits.name.first')).not.toContain('aria-invalid')
  })

  it('are announced first in the title', () => {
    expect(html(pages['registration-wrong'])).toContain('<title>Error: ')
    expect(html(pages['registration-wrong'], 'de')).toContain('<title>Fehler: ')
    expect(html(pages.registration)).not.toContain('Error: ')
  })

  it('about a wrong code are shown at the code', () => {
    const text = html(pages['login-code-wrong'])
    expect(fieldOf(text, 'code')).toMatch(/aria-invalid="true" aria-describedby="code-code-messages"/)
    expect(text).not.toContain('id="messages"')
  })

  it('about wrong credentials are shown at the top, and the password gets the focus', () => {
    const text = html(pages['login-wrong'])
    expect(text).toMatch(/id="messages"><p[^>]*message-error[^>]*role="alert"/)
    expect(fieldOf(text, 'password')).toMatch(/autofocus.*aria-describedby="messages"/)
  })

  it('about the traits as a whole are shown without a field', () => {
    const whole = input('default', { name: 'traits', type: 'text' }, undefined, [
      uiText(4000001, { reason: 'too much' }),
    ])
    const text = html(flow('registration', [csrf, whole, submit('password', 'method', 'password', uiText(1040001))]))
    expect(text).toContain('too much')
    expect(text).not.toContain('name="traits"')
  })

  it('report that a flow expired', () => {
    expect(html(pages['login-expired'])).toMatch(/message-error" role="alert"/)
  })
})

describe('forms', () => {
  it('have one identifier field, and let other methods submit with empty fields', () => {
    const text = html(pages['login-many-methods'])
    expect(tagsOf(text, 'form')).toHaveLength(1)
    expect(text.match(/name="identifier"/g)).toHaveLength(1)
    expect(buttonOf(text, 'password')).not.toContain('formnovalidate')
    expect(buttonOf(text, 'code')).toContain('formnovalidate')
    expect(buttonOf(text, 'google')).toContain('formnovalidate')
    expect(text.indexOf('value="password"')).toBeLessThan(text.indexOf('class="divider"'))
  })

  it('are separate if methods share no field', () => {
    const forms = html(pages['login-second-factor']).split('<form').slice(1)
    expect(forms).toHaveLength(2)
    expect(forms[0]).toContain('name="totp_code"')
    expect(forms[0]).not.toContain('name="lookup_secret"')
  })

  it('send each method once, and resend a code without requiring the code', () => {
    const text = html(pages['login-code-wrong'])
    expect(text.match(/name="method"/g)).toHaveLength(1)
    expect(tagsOf(text, 'button').find((tag) => tag.includes('name="resend"'))).toContain('formnovalidate')
    expect(text.indexOf('button-primary')).toBeLessThan(text.indexOf('name="resend"'))
  })

  it('show the address that a code was sent to', () => {
    for (const name of ['login-code', 'registration-code', 'recovery-code', 'verification-wrong']) {
      expect(html(pages[name]), name).toMatch(/identifier-value">ada@example.org</)
    }
  })

  it('hide buttons that need a script until it runs, and name their trigger', () => {
    const trigger = tagsOf(html(pages['login-many-methods']), 'button').find((tag) => tag.includes('oryPasskeyLogin'))
    expect(trigger).toMatch(/type="button".*hidden.*data-scripted/)
  })

  it('end with a link once an address is verified', () => {
    const text = html(pages['verification-done'])
    expect(text).toMatch(/href="https:\/\/app.example.org\/welcome"/)
    expect(text).not.toContain('<form')
  })

  it('preserve return_to in links to other flows', () => {
    const text = html(
      flow('login', [csrf, password('current-password')], { return_to: 'https://app.example.org/a?b=c' }),
    )
    expect(text).toContain('/registration/browser?return_to=https%3A%2F%2Fapp.example.org%2Fa%3Fb%3Dc')
  })
})
