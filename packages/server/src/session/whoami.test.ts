import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../test/app.ts'
import { openSessions, tokenOf } from '../../test/stored-sessions.ts'
import { highestAal } from './available-aal.ts'
import { sessionView } from './record.ts'
import { lacksSecondFactor, secondFactorUrl, whoami } from './whoami.ts'

const withoutCookies = { cookies: () => [] }

describe.each(dsns)('whoami on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openSessions>>
  let strict: TestProject
  let lenient: TestProject
  beforeAll(async () => {
    app = await openSessions(dsn)
    const project = (required: 'aal1' | 'highest_available', isEnabled = true) =>
      app.project(({ session, selfservice, ...identity }) => ({
        ...identity,
        session: { ...session, whoami: { ...session.whoami, required_aal: required } },
        selfservice: {
          ...selfservice,
          methods: { ...selfservice.methods, totp: { ...selfservice.methods.totp, enabled: isEnabled } },
        },
      }))
    strict = await project('highest_available')
    lenient = await project('aal1')
  })
  afterAll(() => app.close())

  async function withTotp(at: TestProject, aal: 'aal1' | 'aal2') {
    const identityId = await app.person(at)
    await at.ctx.db.updateTable('identities').set({ second_factors: 'totp' }).where('id', '=', identityId).execute()
    return app.session(at, identityId, { aal })
  }
  const shown = async (at: TestProject, token: string) =>
    JSON.parse(String((await whoami(at.ctx, withoutCookies, [token], {})).text))

  test('shows the session as its view does, with the identity as the public sees it', async () => {
    const session = await app.session(strict, await app.person(strict))
    const { identity, ...rest } = await shown(strict, tokenOf(session))
    expect(rest).toEqual(sessionView(session, app.clock.now()))
    expect(identity).toMatchObject({ id: session.identityId, state: 'active', schema_id: 'person' })
    expect(identity).not.toHaveProperty('credentials')
    expect(identity).not.toHaveProperty('metadata_admin')
  })

  test('wants the second factor of those who have one, where the highest level is required', async () => {
    const half = await withTotp(strict, 'aal1')
    await expect(whoami(strict.ctx, withoutCookies, [tokenOf(half)], {})).rejects.toMatchObject({
      httpStatus: 403,
      id: 'session_aal2_required',
    })
    const whole = await withTotp(strict, 'aal2')
    expect((await shown(strict, tokenOf(whole))).authenticator_assurance_level).toBe('aal2')
    const accepted = await withTotp(lenient, 'aal1')
    expect((await shown(lenient, tokenOf(accepted))).authenticator_assurance_level).toBe('aal1')
  })

  test.each([
    ['none', [''], 'aal1', false],
    ['one that is enabled', ['totp'], 'aal2', true],
    ['one that is not enabled', ['code'], 'aal1', false],
    ['one that is no second factor', ['password'], 'aal1', false],
    ['several', ['code', 'totp'], 'aal2', true],
  ] as const)('of second factors counts %s', (_name, factors, highest, lacks) => {
    expect(highestAal(strict.ctx, factors)).toBe(highest)
    expect(lacksSecondFactor(strict.ctx, { aal: 'aal1' }, () => factors)).toBe(lacks)
    expect(lacksSecondFactor(strict.ctx, { aal: 'aal2' }, () => factors)).toBe(false)
    expect(lacksSecondFactor(lenient.ctx, { aal: 'aal1' }, () => factors)).toBe(false)
  })

  test('leads a browser to the second factor and back', () => {
    const url = new URL(secondFactorUrl(strict.ctx, 'https://app.example/a?b=c'))
    expect(url.origin + url.pathname).toBe('http://localhost:4000/self-service/login/browser')
    expect(Object.fromEntries(url.searchParams)).toEqual({ aal: 'aal2', return_to: 'https://app.example/a?b=c' })
    expect(new URL(secondFactorUrl(strict.ctx)).search).toBe('?aal=aal2')
  })
})
