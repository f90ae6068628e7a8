import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestProject } from '../../test/app.ts'
import { hourMs as hour, openSessions, tokenOf } from '../../test/stored-sessions.ts'
import { cookieName } from './cookie.ts'
import { loadTokenizer } from './tokenizer/load.ts'

let app: Awaited<ReturnType<typeof openSessions>>
beforeAll(async () => {
  app = await openSessions('memory')
})
afterAll(() => app.close())

const secret = { kty: 'oct', k: Buffer.alloc(64, 1).toString('base64url'), alg: 'HS256', kid: 'one' }
const keys = `base64://${Buffer.from(JSON.stringify({ keys: [secret] })).toString('base64')}`
const templates = { one: { ttl: 60_000, jwks_url: keys, subject_source: 'id' as const } }

const project = (cacheableSessions: boolean, cacheableSessionsMaxAge?: number) =>
  app.project((identity) => ({
    ...identity,
    session: { ...identity.session, whoami: { ...identity.session.whoami, tokenizer: { templates } } },
    feature_flags: {
      ...identity.feature_flags,
      cacheable_sessions: cacheableSessions,
      ...(cacheableSessionsMaxAge !== undefined && { cacheable_sessions_max_age: cacheableSessionsMaxAge }),
    },
  }))

/** The header that whoami answers with. */
async function cacheFor(at: TestProject, token?: string, query = ''): Promise<unknown> {
  const headers: Record<string, string> = token ? { cookie: `${cookieName(at.ctx)}=${token}` } : {}
  return (await at.call('GET', `/sessions/whoami${query}`, { token: null, headers })).headers['ory-session-cache-for']
}

async function session(at: TestProject): Promise<string> {
  return tokenOf(await app.session(at, await app.person(at), { expiresAt: app.clock.now() + hour }))
}

test.each([
  ['the rest of the session', undefined, '3600'],
  ['at most the configured time', 300_000, '300'],
  ['not longer than the session', 10 * hour, '3600'],
  ['without a limit of zero', 0, '3600'],
])('a session may be cached for %s', async (_, maxAge, seconds) => {
  const at = await project(true, maxAge)
  expect(await cacheFor(at, await session(at))).toBe(seconds)
})

test('the refusal of a request without a secret may be cached for a minute, and of a wrong one not at all', async () => {
  const at = await project(true)
  expect([await cacheFor(at), await cacheFor(at, 'wrong')]).toEqual(['60', undefined])
})

test('nothing may be cached unless that is configured, and no token ever', async () => {
  const [never, at] = [await project(false), await project(true)]
  expect([await cacheFor(never), await cacheFor(never, await session(never))]).toEqual([undefined, undefined])
  const { tokenizer } = at.ctx.config.identity.session.whoami
  expect(await loadTokenizer(tokenizer, { folder: undefined, fetch: at.ctx.fetch })).toEqual([])
  expect(await cacheFor(at, await session(at), '?tokenize_as=one')).toBeUndefined()
})
