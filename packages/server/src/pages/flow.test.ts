import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSite, type Visitor } from '../../test/browser.ts'
import { flowNames } from '../selfservice/index.ts'

type Site = Awaited<ReturnType<typeof openSite>>

const password = 'correct-Horse-7-battery'
const hour = 3_600_000

describe('the pages of a flow', () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite()
  })
  afterAll(() => site.close())

  async function signUp(visitor: Visitor, email: string) {
    const { text } = await visitor.open('/ui/registration')
    return visitor.submit(text, { 'traits.email': email, password, method: 'password' })
  }

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

  it.each(flowNames)(
    'put a new %s flow in the place of one that has run out, keep where it was going, and say so',
    async (name) => {
      const visitor = site.visitor()
      if (name === 'settings') await signUp(visitor, 'late@example.org')
      const { path } = await visitor.open(`/ui/${name}?return_to=%2Fui%2Ferror`)
      site.clock.advance(2 * hour)
      const again = await visitor.open(path)
      expect(again.path).not.toBe(path)
      expect(again.path).toMatch(new RegExp(`^/ui/${name}\\?flow=[0-9a-f-]{36}&restarted=1$`))
      expect(again.text).toContain('started again')
      const id = new URL(again.path, 'http://localhost').searchParams.get('flow')
      const flow = await visitor.get(`/self-service/${name}/flows?id=${id}`)
      expect(flow.json().return_to).toBe('/ui/error')
    },
  )

  it('put a new flow in the place of one that never was', async () => {
    const { path, text } = await site.visitor().open('/ui/recovery?flow=11111111-1111-4111-8111-111111111111')
    expect(path).toContain('&restarted=1')
    expect(text).toContain('started again')
  })

  it('do not show the flow of another browser', async () => {
    const { path } = await site.visitor().open('/ui/login')
    const id = new URL(path, 'http://localhost').searchParams.get('flow') ?? ''
    const other = await site.visitor().open(path)
    expect(other.answer.statusCode).toBe(200)
    expect(other.text).not.toContain(id)
    expect(other.text).toContain('started again')
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
