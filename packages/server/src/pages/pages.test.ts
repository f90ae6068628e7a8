import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSite } from '../../test/browser.ts'

describe('what comes with the pages', () => {
  let site: Awaited<ReturnType<typeof openSite>>
  beforeAll(async () => {
    site = await openSite({ token: 'ory_pat_example' })
  })
  afterAll(() => site.close())

  it('tell errors in words, and that one is not there', async () => {
    const known = await site.visitor().get('/ui/error?id=stub:500')
    expect(known.statusCode).toBe(200)
    expect(known.payload).toContain('Something went wrong on our side')
    const unknown = await site.visitor().get('/ui/error?id=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E')
    expect(unknown.statusCode).toBe(404)
    expect(unknown.payload).not.toContain('<script>alert')
    expect((await site.visitor().get('/ui/nothing')).statusCode).toBe(404)
  })

  it('come with files that are kept for good, without cookies', async () => {
    const { text } = await site.visitor().open('/ui/login')
    const files = [...text.matchAll(/(?:href|src)="(\/ui\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '')
    expect(files.length).toBeGreaterThanOrEqual(3)
    for (const path of [...files, '/favicon.ico']) {
      const answer = await site.visitor().get(path)
      expect(answer.statusCode).toBe(200)
      expect(answer.headers['cache-control']).toMatch(/^public, max-age=/)
      expect(answer.headers['set-cookie']).toBeUndefined()
    }
    expect((await site.visitor().get('/ui/assets/pages.000000000000.css')).statusCode).toBe(404)
  })

  it('have the contract as an OpenAPI document', async () => {
    const answer = await site.visitor().get('/openapi.json')
    expect(answer.json().servers).toEqual([{ url: 'http://localhost:4000' }])
    expect(Object.keys(answer.json().paths)).toContain('/sessions/whoami')
  })

  it('welcome with the token that was made at the start', async () => {
    const { text } = await site.visitor().open('/')
    expect(text).toContain('ory_pat_example')
  })

  it('keep mail and token from a site that took the place of this host', async () => {
    for (const path of ['/', '/dev/mailbox']) {
      const answer = await site.visitor({ host: 'evil.example' }).get(path)
      expect(answer.statusCode).toBe(404)
      expect(answer.payload).not.toContain('ory_pat_example')
    }
  })
})

describe('outside of development', () => {
  it('there is neither mailbox nor welcome', async () => {
    const site = await openSite({ mode: 'project' })
    for (const path of ['/', '/dev/mailbox', '/dev/mailbox/11111111-1111-4111-8111-111111111111']) {
      expect((await site.visitor().get(path)).statusCode).toBe(404)
    }
    expect((await site.visitor().open('/ui/login')).answer.statusCode).toBe(200)
    await site.close()
  })

  it('drop-in mode has no pages at all', async () => {
    const site = await openSite({ mode: 'drop-in' })
    for (const path of ['/', '/ui/login', '/dev/mailbox', '/openapi.json']) {
      expect((await site.visitor().get(path)).statusCode).toBe(404)
    }
    await site.close()
  })

  it('the command that makes a token stands in the place of one', async () => {
    const site = await openSite()
    const { text } = await site.visitor().open('/')
    expect(text).toContain('make a token')
    expect(text).not.toContain('ory_pat_')
    await site.close()
  })
})

describe('a project with a look of its own', () => {
  it('has its name, logo, links, theme and language', async () => {
    const site = await openSite({
      accountExperience: {
        name: 'Harbour <b>',
        logo_light_url: 'https://cdn.example/logo.svg',
        privacy_policy_url: '',
        contact_url: 'https://harbour.example/contact',
        theme_variables_light: JSON.stringify({ '--brand-500': '#aa0000', '--x': 'url(https://evil.example)' }),
        default_locale: 'de',
        locale_behavior: 'force_default',
      },
    })
    const { answer, text } = await site.visitor({ 'accept-language': 'en' }).open('/ui/login')
    expect(text).toContain('<html lang="de"')
    expect(text).toContain('Harbour &lt;b')
    expect(text).not.toContain('href=""')
    expect(text).toContain('https://harbour.example/contact')
    expect(answer.headers['content-security-policy']).toContain('https://cdn.example')
    const theme = /href="(\/ui\/assets\/theme\.[^"]+)"/.exec(text)?.[1] ?? ''
    const sheet = await site.visitor().get(theme)
    expect(sheet.payload).toContain('--brand-500:#aa0000')
    expect(sheet.payload).not.toContain('evil')
    await site.close()
  })
})
