import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSite, type Visitor } from '../../test/browser.ts'

type Site = Awaited<ReturnType<typeof openSite>>

const password = 'correct-Horse-7-battery'

describe('the pages of an account', () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite()
  })
  afterAll(() => site.close())

  async function signUp(visitor: Visitor, email: string) {
    const { text } = await visitor.open('/ui/registration')
    return visitor.submit(text, { 'traits.email': email, password, method: 'password' })
  }

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

  it('take the link of a message in another browser: the code is filled in, and counts once sent', async () => {
    await signUp(site.visitor(), 'link@example.org')
    const stranger = site.visitor()
    const mailbox = await stranger.open('/dev/mailbox')
    const row = mailbox.text.split('<li>').find((one) => one.includes('link@example.org'))
    const mail = await stranger.open(/href="([^"]+)"/.exec(row ?? '')?.[1] ?? '')
    const link = /href="(http:[^"]*\/self-service\/verification\?[^"]+)"/.exec(mail.text)?.[1] ?? ''
    const { path, text } = await stranger.open(link.replaceAll('&amp;', '&').replace('http://localhost:4000', ''))
    expect(path).toMatch(/^\/ui\/verification\?flow=/)
    expect(text).not.toContain('Address confirmed')
    const code = /name="code"[^>]*value="(\d{6})"|value="(\d{6})"[^>]*name="code"/.exec(text)
    const done = await stranger.submit(text, { method: 'code', code: code?.[1] ?? code?.[2] ?? '' })
    expect(done.text).toContain('Address confirmed')
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
