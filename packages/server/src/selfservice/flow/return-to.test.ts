import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFlows, Person } from '../../../test/people.ts'
import { checkedReturnTo } from './return-to.ts'

const wildcards = [
  'https://*.preview.harbour.example/app',
  'https://*.port.example:8443/',
  'https://*.uk/',
  'https://*.co.uk/',
  'https://*.github.io/',
  'https://*.test/',
]

describe('the address to return to', () => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: Awaited<ReturnType<typeof app.project>>
  beforeAll(async () => {
    app = await openFlows('memory')
    project = await app.project((identity) => ({
      ...identity,
      selfservice: {
        ...identity.selfservice,
        default_browser_return_url: 'https://app.example/',
        allowed_return_urls: [
          'https://app.example:8443/welcome',
          'https://shop.example/welcome/',
          'myapp://done',
          ...wildcards,
        ],
      },
    }))
  })
  afterAll(() => app.close())

  const check = (asked: string) => checkedReturnTo(project.ctx, asked)

  test.each([
    'https://app.example/',
    'https://app.example/deep/er?x=1#y',
    'https://APP.example/deep',
    'https://app.example:443/',
    'https://app.example:8443/welcome',
    'https://app.example:8443/welcome/home?next=a+b',
    'https://shop.example/welcome',
    'https://shop.example/welcome?who=ann%20b',
    'https://shop.example/welcome/..dots',
    'myapp://done',
    'https://pr-12.preview.harbour.example/app/home',
    'https://a.b.preview.harbour.example/app',
    'https://PR.Preview.harbour.example/app',
    'https://one.port.example:8443/',
    '/inside',
    '/inside?x=//y',
    'http://localhost:4000/self-service/settings?flow=1',
    'http://localhost:4000/ui/settings',
  ])('may be %s', (asked) => {
    expect(check(asked)).toBe(asked)
  })

  test.each([
    ['another host', 'https://evil.example/'],
    ['a host that ends alike', 'https://evilapp.example/'],
    ['a host that begins alike', 'https://app.example.evil.example/'],
    ['a subdomain', 'https://x.app.example/'],
    ['a trailing dot', 'https://app.example./'],
    ['the domain of a wildcard itself', 'https://preview.harbour.example/app'],
    ['a domain that ends like that of a wildcard', 'https://evilpreview.harbour.example/app'],
    ['a subdomain at another path', 'https://pr-12.preview.harbour.example/other'],
    ['a subdomain with another scheme', 'http://pr-12.preview.harbour.example/app'],
    ['a subdomain at another port', 'https://one.port.example/'],
    ['a domain below a public suffix', 'https://evil.co.uk/'],
    ['a domain below a country', 'https://evil.uk/'],
    ['a page of a public host', 'https://evil.github.io/'],
    ['a name below a top-level domain', 'https://evil.test/'],
    ['another scheme', 'http://app.example/'],
    ['another port', 'https://app.example:444/'],
    ['a path that begins alike', 'https://shop.example/welcomeback'],
    ['a path above', 'https://shop.example/'],
    ['dots', 'https://shop.example/welcome/../admin'],
    ['encoded dots', 'https://shop.example/welcome/%2e%2e/admin'],
    ['dots before an encoded slash', 'https://shop.example/welcome/..%2fadmin'],
    ['dots between encoded slashes', 'https://shop.example/welcome%2f%2e%2e%2fadmin'],
    ['dots encoded twice', 'https://shop.example/welcome/%252e%252e/admin'],
    ['dots before an encoded backslash', 'https://shop.example/welcome/..%5cadmin'],
    ['a name', 'https://ann@app.example/'],
    ['a name and password', 'https://app.example:x@evil.example/'],
    ['a name at an allowed host', 'https://evil.example%2f@app.example/'],
    ['no scheme', '//evil.example/'],
    ['three slashes', '///evil.example/'],
    ['a backslash', '/\\evil.example'],
    ['two backslashes', '\\\\evil.example'],
    ['a backslash for the host', 'https:\\\\evil.example'],
    ['a backslash before an @', 'https://evil.example\\@app.example/'],
    ['a tab between slashes', '/\t/evil.example'],
    ['a line break between slashes', '/\n/evil.example'],
    ['a line break', 'https://app.example/\r\nset-cookie: x=1'],
    ['a tab in the scheme', 'java\tscript:alert(1)'],
    ['a script', 'javascript:alert(1)'],
    ['a script with an address', 'javascript://app.example/%0aalert(1)'],
    ['data', 'data:text/html,x'],
    ['relative dots', '/ui/../../evil'],
    ['a word', 'evil.example'],
  ])('may not have %s', (_, asked) => {
    expect(() => check(asked)).toThrow(expect.objectContaining({ httpStatus: 400 }))
  })

  test.each(['login', 'registration', 'recovery', 'verification'] as const)(
    'is refused when a %s flow begins',
    async (name) => {
      for (const kind of ['api', 'browser'] as const) {
        const answer = await new Person(project, kind).call(
          'GET',
          `/self-service/${name}/${kind}?return_to=https%3A%2F%2Fevil.example`,
        )
        expect(answer.status).toBe(400)
      }
      const page = await new Person(project).call(
        'GET',
        `/self-service/${name}/browser?return_to=https%3A%2F%2Fevil.example`,
        {
          headers: { accept: 'text/html' },
        },
      )
      expect(String(page.headers.location ?? '')).not.toContain('evil.example')
    },
  )

  test('may have letters of any language', async () => {
    const email = 'ann@harbour.example'
    await new Person(project, 'api').signUp(email)
    const ann = new Person(project)
    const flow = await ann.begin('login', '?return_to=%2F%E6%B8%AF')
    const fields = { method: 'password', identifier: email, password: 'a lantern at the pier' }
    const answer = await ann.submit('login', flow, fields, { accept: 'text/html' })
    expect([answer.status, answer.headers.location]).toEqual([303, 'https://app.example/%E6%B8%AF'])
  })
})
