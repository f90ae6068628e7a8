import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSite, type Visitor } from '../../test/browser.ts'
import { flowNames } from '../selfservice/index.ts'

type Site = Awaited<ReturnType<typeof openSite>>

const password = 'correct-Horse-7-battery'
const hour = 3_600_000

describe('the pages', () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite({ token: 'ory_pat_example' })
  })
  afterAll(() => site.close())

  async function signUp(visitor: Visitor, email: string) {
    const { text } = await visitor.open('/ui/registration')
    return visitor.submit(text, { 'traits.email': email, password, method: 'password' })
  }

  describe('of a flow', () => {
    it.each(flowNames)('begin %s by themselves and show it under a strict policy, uncached', async (name) => {
      const visitor = site.visitor()
      if (name === 'settings') await signUp(visitor, 'settings@example.org')
      const { path, answer } = await visitor.open(`/ui/${name}`)
      expect(path).toMatch(new RegExp(`^/ui/${name}\\?flow=[0-9a-f-]{36}$`))
      expect(answer.statusCode).toBe(200)
      const policy = String(answer.headers['content-security-policy'])
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      expect(answer.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cache-control': expect.stringContaining('no-store'),
      })
      expect(answer.payload).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/i)
    })

    it('pass on everything that was asked for', async () => {
      const answer = await site.visitor().get('/ui/login?return_to=%2Fui%2Fsessions&aal=aal1')
      expect(answer.statusCode).toBe(303)
      expect(answer.headers.location).toBe(
        'http://localhost:4000/self-service/login/browser?return_to=%2Fui%2Fsessions&aal=aal1',
      )
    })

    it('put a new flow in the place of one that has run out, keep where it was going, and say so', async () => {
      const visitor = site.visitor()
      const { path } = await visitor.open('/ui/login?return_to=%2Fui%2Fsettings')
      site.clock.advance(2 * hour)
      const again = await visitor.open(path)
      expect(again.path).not.toBe(path)
      expect(again.text).toContain('started afresh')
      expect(again.text).toContain('return_to=%2Fui%2Fsettings')
    })

    it('put a new flow in the place of one that never was', async () => {
      const { path, text } = await site.visitor().open('/ui/recovery?flow=11111111-1111-4111-8111-111111111111')
      expect(path).toContain('&restarted=1')
      expect(text).toContain('started afresh')
    })

    it('do not show the flow of another browser', async () => {
      const { path } = await site.visitor().open('/ui/login')
      const id = new URL(path, 'http://localhost').searchParams.get('flow') ?? ''
      const other = await site.visitor().open(path)
      expect(other.answer.statusCode).toBe(200)
      expect(other.text).not.toContain(id)
      expect(other.text).toContain('started afresh')
    })

    it('tell a browser without cookies what is wrong instead of sending it round and round', async () => {
      let at = '/ui/login?flow=11111111-1111-4111-8111-111111111111'
      for (let hops = 0; hops < 5; hops++) {
        const answer = await site.visitor().get(at)
        if (answer.headers.location === undefined) {
          expect(answer.statusCode).toBe(403)
          expect(answer.payload).toContain('cookies are blocked')
          return
        }
        at = String(answer.headers.location).replace('http://localhost:4000', '')
      }
      throw new Error('sent round and round')
    })

    it('send people who are not signed in to do that before their settings, and back', async () => {
      const visitor = site.visitor()
      await signUp(visitor, 'back@example.org')
      const stranger = site.visitor()
      const { path, text } = await stranger.open('/ui/settings')
      expect(path).toMatch(/^\/ui\/login\?/)
      const settings = await stranger.submit(text, { identifier: 'back@example.org', password, method: 'password' })
      expect(settings.path).toMatch(/^\/ui\/settings\?flow=/)
      expect(settings.text).toContain('back@example.org')
    })

    it('refuse to lead to addresses that are not allowed, and never print them as markup', async () => {
      for (const evil of [
        'https://evil.example/',
        'javascript:alert(1)',
        '//evil.example',
        '"><script>alert(1)</script>',
      ]) {
        const { path, answer, text } = await site.visitor().open(`/ui/login?return_to=${encodeURIComponent(evil)}`)
        expect(path).toMatch(/^\/ui\/error\?id=/)
        expect(answer.statusCode).toBe(200)
        expect(text).not.toContain('<script>alert')
        expect(text).not.toMatch(/href="(https:\/\/evil|javascript|\/\/evil)/)
      }
    })

    it('show what was typed without running it', async () => {
      const visitor = site.visitor()
      const { text } = await visitor.open('/ui/login')
      const again = await visitor.submit(text, {
        identifier: '"><img src=x onerror=alert(1)>',
        password: 'x',
        method: 'password',
      })
      expect(again.text).toContain('role="alert"')
      expect(again.text).not.toContain('<img')
    })

    it('speak the language of the reader, and so do the messages', async () => {
      const visitor = site.visitor({ 'accept-language': 'de-AT,de;q=0.9,en;q=0.5' })
      const { text } = await signUp(visitor, 'deutsch@example.org')
      expect(text).toContain('<html lang="de"')
      expect(text).toContain('deutsch@example.org')
      const mailbox = await visitor.open('/dev/mailbox')
      expect(mailbox.text).toMatch(/<strong>[^<]*bestätigen/i)
    })
  })

  describe('of the account', () => {
    it('lead from signing up to the code, to the sessions', async () => {
      const visitor = site.visitor()
      const { path, text } = await signUp(visitor, 'way@example.org')
      expect(path).toMatch(/^\/ui\/verification\?flow=/)
      expect(text).toContain('Do this later')
      const mail = await visitor.open('/dev/mailbox')
      const row = mail.text.split('<li>').find((one) => one.includes('way@example.org'))
      const code = /\b(\d{6})\b/.exec(row?.replaceAll(/<[^>]*>/g, ' ') ?? '')?.[1] ?? ''
      const done = await visitor.submit(text, { method: 'code', code: `${code.slice(0, 3)} ${code.slice(3)}` })
      expect(done.text).toContain('Address confirmed')
      expect(done.text).toContain('href="http://localhost:4000/ui/sessions"')
    })

    it('end one other session, and all', async () => {
      const first = site.visitor()
      await signUp(first, 'many@example.org')
      const others = [site.visitor(), site.visitor(), site.visitor()]
      for (const other of others) {
        const { text } = await other.open('/ui/login')
        await other.submit(text, { identifier: 'many@example.org', password, method: 'password' })
      }
      const { text } = await first.open('/ui/sessions')
      const ids = [...text.matchAll(/name="session" value="([^"]+)"/g)].map(([, id]) => id ?? '')
      expect(ids).toHaveLength(3)
      const one = await first.submit(text, { session: ids[0] ?? '' })
      expect(one.text).toContain('That device is signed out.')
      expect([...one.text.matchAll(/name="session"/g)]).toHaveLength(2)
      const all = await first.submit(one.text, { all: 'true' })
      expect(all.text).toContain('All other devices are signed out.')
      for (const other of others) expect((await other.open('/ui/sessions')).path).toMatch(/^\/ui\/login/)
    })

    it('do not end the session of somebody else', async () => {
      const [mine, theirs] = [site.visitor(), site.visitor()]
      await signUp(mine, 'mine@example.org')
      await signUp(theirs, 'theirs@example.org')
      const second = site.visitor()
      const login = await second.open('/ui/login')
      await second.submit(login.text, { identifier: 'theirs@example.org', password, method: 'password' })
      const id = /name="session" value="([^"]+)"/.exec((await theirs.open('/ui/sessions')).text)?.[1] ?? ''
      const form = (await mine.open('/ui/sessions')).text
      const token = /name="csrf_token" value="([^"]*)"/.exec((await mine.open('/ui/logout')).text)?.[1] ?? ''
      expect(form).not.toContain(id)
      await mine.post('/ui/sessions', { csrf_token: token, session: id })
      expect((await second.open('/ui/sessions')).path).toBe('/ui/sessions')
    })

    it('ask before signing out, and then say that it is done', async () => {
      const visitor = site.visitor()
      await signUp(visitor, 'out@example.org')
      const { text } = await visitor.open('/ui/logout')
      expect(text).toContain('Sign out?')
      const done = await visitor.submit(text, {})
      expect(done.text).toContain('You are signed out')
      expect((await visitor.open('/ui/sessions')).path).toMatch(/^\/ui\/login/)
    })

    it('take no form of a foreign site', async () => {
      const visitor = site.visitor()
      await signUp(visitor, 'forged@example.org')
      for (const path of ['/ui/logout', '/ui/sessions']) {
        const { answer } = await visitor.post(path, { all: 'true', csrf_token: 'forged' })
        expect(answer.statusCode).toBe(403)
        expect(answer.headers['content-type']).toContain('text/html')
      }
      expect((await visitor.open('/ui/sessions')).path).toBe('/ui/sessions')
    })
  })

  describe('besides', () => {
    it('tell errors in words, and that one is not there', async () => {
      const known = await site.visitor().get('/ui/error?id=stub:500')
      expect(known.statusCode).toBe(200)
      expect(known.payload).toContain('our fault, not yours')
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
        privacy_policy_url: 'javascript:alert(1)',
        contact_url: 'https://harbour.example/contact',
        theme_variables_light: JSON.stringify({ '--brand-500': '#aa0000', '--x': 'url(https://evil.example)' }),
        default_locale: 'de',
        locale_behavior: 'force_default',
      },
    })
    const { answer, text } = await site.visitor({ 'accept-language': 'en' }).open('/ui/login')
    expect(text).toContain('<html lang="de"')
    expect(text).toContain('Harbour &lt;b')
    expect(text).not.toContain('javascript:')
    expect(text).toContain('https://harbour.example/contact')
    expect(answer.headers['content-security-policy']).toContain('https://cdn.example')
    const theme = /href="(\/ui\/assets\/theme\.[^"]+)"/.exec(text)?.[1] ?? ''
    const sheet = await site.visitor().get(theme)
    expect(sheet.payload).toContain('--brand-500:#aa0000')
    expect(sheet.payload).not.toContain('evil')
    await site.close()
  })
})
