import { expect, test } from 'vitest'
import { openSite } from '../../test/browser.ts'

test('nothing of a request becomes a part of a page', async () => {
  const site = await openSite()
  const attack = encodeURIComponent('"><script>alert(1)</script>')
  const names = [
    'flow',
    'id',
    'error',
    'error_description',
    'error_hint',
    'return_to',
    'token',
    'code',
    'next',
    'logout_token',
  ]
  const query = names.map((name) => `${name}=${attack}`).join('&')
  const pages = ['login', 'registration', 'recovery', 'verification', 'settings', 'error', 'logout', 'sessions']
  for (const page of pages) {
    const { answer, text } = await site.visitor().open(`/ui/${page}?${query}`)
    expect([page, text.includes('<script>alert')]).toEqual([page, false])
    if (!String(answer.headers['content-type']).startsWith('text/html')) continue
    const policy = String(answer.headers['content-security-policy'])
    const scripts = /script-src ([^;]*)|default-src ([^;]*)/.exec(policy)?.[0] ?? ''
    expect([page, scripts]).not.toEqual([page, ''])
    expect(scripts).not.toMatch(/unsafe-inline|unsafe-eval|\*/)
  }
  const visitor = site.visitor()
  const { text } = await visitor.open('/ui/login')
  const again = await visitor.submit(text, {
    method: 'password',
    identifier: '"><script>alert(1)</script>',
    password: 'wrong',
  })
  expect(again.text).not.toContain('<script>alert')
  await site.close()
})
