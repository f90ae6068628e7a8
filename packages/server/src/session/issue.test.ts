import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../test/app.ts'
import { eventsOf, openSessions, storedSession } from '../../test/stored-sessions.ts'
import { tokenHash } from '../kernel/keys.ts'
import { issueSession, proveAgain } from './issue.ts'
import { findByTokenHash } from './store.ts'

const laptop = { ip: '192.0.2.1', userAgent: 'laptop' }

describe.each(dsns)('issuing sessions on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openSessions>>
  let project: TestProject
  beforeAll(async () => {
    app = await openSessions(dsn)
  })
  afterAll(() => app.close())

  async function issued(proofs: Parameters<typeof issueSession>[2]['proofs'], carrier: 'token' | 'cookie' = 'token') {
    project = await app.project((identity) => ({ ...identity, session: { ...identity.session, lifespan: 90_000 } }))
    const identityId = await app.person(project)
    return issueSession(project.ctx, laptop, { identityId, proofs, carrier })
  }

  test('stores what it returns, for the configured lifespan', async () => {
    const now = app.clock.now()
    const { session, token } = await issued([{ method: 'password', aal: 'aal1' }])
    expect(session).toMatchObject({
      active: true,
      aal: 'aal1',
      authenticatedAt: now,
      issuedAt: now,
      expiresAt: now + 90_000,
      methods: [{ method: 'password', aal: 'aal1', completed_at: new Date(now).toISOString() }],
      devices: [{ ip_address: '192.0.2.1', user_agent: 'laptop', location: '' }],
    })
    expect(await storedSession(project.ctx, session.id)).toEqual(session)
    expect((await findByTokenHash(project.ctx, tokenHash(token)))?.id).toBe(session.id)
  })

  test('gives apps a token with a prefix and browsers a cookie without one', async () => {
    const { token } = await issued([{ method: 'password', aal: 'aal1' }])
    expect(token).toMatch(/^ory_st_\w{32}$/)
    const { token: cookie } = await issued([{ method: 'password', aal: 'aal1' }], 'cookie')
    expect(cookie).toMatch(/^\w{43}$/)
    expect(cookie).not.toMatch(/^ory_st_/)
  })

  test('reaches the second level at once with proofs of two factors', async () => {
    const { session } = await issued([
      { method: 'password', aal: 'aal1' },
      { method: 'totp', aal: 'aal2' },
    ])
    expect((await storedSession(project.ctx, session.id))?.aal).toBe('aal2')
  })

  test('records each session and each further proof', async () => {
    const { session } = await issued([{ method: 'password', aal: 'aal1' }])
    await proveAgain(project.ctx, laptop, session, { method: 'totp', aal: 'aal2' })
    const attributes = { IdentityID: session.identityId, SessionID: session.id }
    expect((await eventsOf(project.ctx)).filter(([name]) => name.startsWith('Session'))).toMatchObject([
      ['SessionIssued', { ...attributes, SessionAAL: 'aal1' }],
      ['SessionChanged', { ...attributes, SessionAAL: 'aal2' }],
    ])
  })

  test('a further proof raises the level and the time of authentication, not the time of expiry', async () => {
    const { session } = await issued([{ method: 'password', aal: 'aal1' }])
    app.clock.advance(30_000)
    const proven = await proveAgain(project.ctx, laptop, session, { method: 'totp', aal: 'aal2' })
    expect(proven).toEqual({
      ...session,
      aal: 'aal2',
      authenticatedAt: session.authenticatedAt + 30_000,
      methods: [
        ...session.methods,
        { method: 'totp', aal: 'aal2', completed_at: new Date(app.clock.now()).toISOString() },
      ],
    })
    expect(await storedSession(project.ctx, session.id)).toEqual(proven)
  })

  test('remembers a device once, and the last 20 only', async () => {
    const { session } = await issued([{ method: 'password', aal: 'aal1' }])
    const proof = { method: 'password', aal: 'aal1' } as const
    let proven = await proveAgain(project.ctx, laptop, session, proof)
    expect(proven.devices).toEqual(session.devices)
    proven = await proveAgain(project.ctx, { ...laptop, ip: '192.0.2.2' }, proven, proof)
    proven = await proveAgain(project.ctx, { ...laptop, userAgent: '' }, proven, proof)
    expect(proven.devices.map(({ ip_address: ip, user_agent: agent }) => [ip, agent])).toEqual([
      ['192.0.2.1', 'laptop'],
      ['192.0.2.2', 'laptop'],
      ['192.0.2.1', null],
    ])
    for (let i = 0; i < 20; i++)
      proven = await proveAgain(project.ctx, { ip: `198.51.100.${i}`, userAgent: '' }, proven, proof)
    const { devices } = (await storedSession(project.ctx, session.id)) ?? { devices: [] }
    expect(devices.map(({ ip_address: ip }) => ip)).toEqual(Array.from({ length: 20 }, (_, i) => `198.51.100.${i}`))
  })

  test('keeps the last 50 proofs, and the level of all of them', async () => {
    const { session } = await issued([{ method: 'totp', aal: 'aal2' }])
    let proven = session
    for (let i = 0; i < 50; i++) proven = await proveAgain(project.ctx, laptop, proven, { method: 'code', aal: 'aal1' })
    const stored = await storedSession(project.ctx, session.id)
    expect(stored?.methods).toHaveLength(50)
    expect(stored?.methods.every(({ method }) => method === 'code')).toBe(true)
    expect(stored?.aal).toBe('aal2')
  })
})
