import { beforeAll, describe, expect, test } from 'vitest'
import { defaultProject } from '../configuration/index.ts'
import type { Context } from '../kernel/context.ts'
import { removedSessionCookie, sessionCookie } from './cookie.ts'

type Identity = Context['config']['identity']

describe('the session cookie', () => {
  let identity: Identity
  beforeAll(async () => {
    identity = (await defaultProject({ port: 4000, mode: 'dev' })).config.identity
  })

  function attributesOf({ cookie = {}, cookies = {}, dev = false }: Changes, make = sessionCookie): string[] {
    const session = {
      ...identity.session,
      lifespan: 90_500,
      cookie: { name: 'harbour', persistent: true, ...cookie },
    }
    const config = {
      identity: { ...identity, dev, session, cookies: { path: '/', same_site: 'Lax' as const, ...cookies } },
    }
    const ctx = { config, clock: { now: () => Date.UTC(2026, 0, 1) } } as unknown as Context
    return make(ctx, 'secret').split('; ').sort()
  }
  interface Changes {
    cookie?: Partial<Identity['session']['cookie']>
    cookies?: Partial<Identity['cookies']>
    dev?: boolean
  }

  test('lasts as long as the session, for the server only', () => {
    expect(attributesOf({})).toEqual(
      [
        'harbour=secret',
        'Path=/',
        'Max-Age=90',
        'Expires=Thu, 01 Jan 2026 00:01:30 GMT',
        'HttpOnly',
        'Secure',
        'SameSite=Lax',
      ].sort(),
    )
  })

  test('ends with the browser where it is not persistent', () => {
    expect(attributesOf({ cookie: { persistent: false } }).filter((one) => /age|expires/i.test(one))).toEqual([])
  })

  test.each([
    [
      { cookies: { domain: 'a.example', path: '/a', same_site: 'Strict' } },
      ['Domain=a.example', 'Path=/a', 'SameSite=Strict'],
    ],
    [
      {
        cookies: { domain: 'a.example', path: '/a', same_site: 'Strict' },
        cookie: { domain: 'b.example', path: '/b', same_site: 'None' },
      },
      ['Domain=b.example', 'Path=/b', 'SameSite=None'],
    ],
  ] as [Changes, string[]][])('has its own attributes, or else those of all cookies: %j', (changes, expected) => {
    expect(attributesOf(changes)).toEqual(expect.arrayContaining(expected))
  })

  test.each([
    [{ dev: false }, true],
    [{ dev: true }, false],
    [{ dev: true, cookies: { secure: true } }, true],
    [{ dev: false, cookies: { secure: false } }, false],
    [{ dev: false, cookies: { secure: false }, cookie: { secure: true } }, true],
  ] as [Changes, boolean][])('with %j is secure: %s', (changes, isSecure) => {
    expect(attributesOf(changes).includes('Secure')).toBe(isSecure)
  })

  test('is removed with the attributes with which it was set', () => {
    const changes: Changes = { cookie: { domain: 'b.example', path: '/b' } }
    const removed = attributesOf(changes, removedSessionCookie)
    expect(removed).toEqual(expect.arrayContaining(['harbour=', 'Max-Age=0', 'Domain=b.example', 'Path=/b', 'Secure']))
  })
})
