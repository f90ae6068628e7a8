import { expect, test } from 'vitest'
import { type Aal, assuranceLevel, type Session, sessionView } from './record.ts'

const proof = (method: string, aal?: Aal) => ({ method, aal, completed_at: '2026-01-01T00:00:00.000Z' })

test.each([
  ['no proof', 'aal0', []],
  ['one first factor', 'aal1', [proof('password', 'aal1')]],
  ['two first factors', 'aal1', [proof('password', 'aal1'), proof('code', 'aal1')]],
  ['a second factor alone', 'aal1', [proof('totp', 'aal2')]],
  ['two second factors alone', 'aal1', [proof('totp', 'aal2'), proof('lookup_secret', 'aal2')]],
  ['a first and a second factor', 'aal2', [proof('password', 'aal1'), proof('totp', 'aal2')]],
  ['a second and then a first factor', 'aal2', [proof('totp', 'aal2'), proof('password', 'aal1')]],
  ['a proof without a level', 'aal1', [proof('link_recovery')]],
  ['a proof without a level and a second factor', 'aal1', [proof('link_recovery'), proof('totp', 'aal2')]],
] as const)('%s reaches %s', (_, level, methods) => {
  expect(assuranceLevel(methods)).toBe(level)
})

test('a session is shown as active until the moment in which it expires, unless it was revoked', () => {
  const at = Date.UTC(2026, 0, 1)
  const session: Session = {
    id: 's1',
    identityId: 'i1',
    active: true,
    aal: 'aal2',
    authenticatedAt: at + 2000,
    issuedAt: at,
    expiresAt: at + 10_000,
    methods: [proof('password', 'aal1')],
    devices: [],
  }
  expect(sessionView(session, at + 9999)).toEqual({
    id: 's1',
    active: true,
    expires_at: '2026-01-01T00:00:10.000Z',
    authenticated_at: '2026-01-01T00:00:02.000Z',
    authenticator_assurance_level: 'aal2',
    authentication_methods: session.methods,
    issued_at: '2026-01-01T00:00:00.000Z',
    devices: [],
  })
  expect(sessionView(session, at + 10_000).active).toBe(false)
  expect(sessionView({ ...session, active: false }, at).active).toBe(false)
})
