import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { sessionRoutes } from '../../session/index.ts'
import type { CredentialType } from '../record.ts'
import { identityRoutes } from '../routes.ts'
import { findIdentity, findRow } from '../store.ts'
import { credentialDefinitions, definitionOf, emptyCredential, isEnabledSecondFactor, secondFactors } from './index.ts'

const totpUrl = 'otpauth://totp/Harbour:ann?secret=JBSWY3DPEHPK3PXP&issuer=Harbour'
const codes = [{ code: 'aaaa1111' }, { code: 'bbbb2222', used_at: '2026-01-02T03:04:05Z' }]

describe.each(dsns)('credentials on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let mine: TestProject
  beforeAll(async () => {
    app = await openTestApp(dsn, [...identityRoutes, ...sessionRoutes])
    mine = await app.project()
  })
  afterAll(() => app.close())

  let counter = 0
  const create = (credentials: object, at = mine) =>
    at.call('POST', '/admin/identities', {
      json: { schema_id: 'person', traits: { email: `c${++counter}@harbour.example` }, credentials },
    })
  const shown = async (id: string, at = mine) =>
    (await at.call('GET', `/admin/identities/${id}?include_credential=totp&include_credential=lookup_secret`)).body
      .credentials

  test('an authenticator app and backup codes are imported and shown to administrators', async () => {
    const { status, body } = await create({
      totp: { config: { totp_url: totpUrl } },
      lookup_secret: { config: { codes } },
    })
    expect(status).toBe(201)
    expect(await shown(body.id)).toMatchObject({
      totp: { config: { totp_url: totpUrl }, identifiers: [body.id], version: 0 },
      lookup_secret: { config: { recovery_codes: codes }, identifiers: [body.id], version: 0 },
    })
    const { credentials } = (await mine.call('GET', `/admin/identities/${body.id}`)).body
    expect(credentials.totp).not.toHaveProperty('config')
  })

  test('their secrets are not readable in the database, and open for their own identity alone', async () => {
    const { body: one } = await create({
      totp: { config: { totp_url: totpUrl } },
      lookup_secret: { config: { codes } },
    })
    const { body: other } = await create({ totp: { config: { totp_url: totpUrl } } })
    const stored = (await findRow(mine.ctx, { id: one.id }))?.credentials ?? ''
    expect(stored).not.toMatch(/JBSWY3DPEHPK3PXP|aaaa1111/)
    await mine.ctx.db.updateTable('identities').set({ credentials: stored }).where('id', '=', other.id).execute()
    const moved = await findIdentity(mine.ctx, other.id)
    expect(moved?.credentials.totp?.config).not.toHaveProperty('totp_url')
    // A credential that cannot be decrypted is still a second factor, so that the required AAL is not lowered.
    expect(moved && secondFactors(moved)).toEqual(['totp', 'lookup_secret', 'code'])
  })

  test('an import with PUT replaces the app and adds codes', async () => {
    const { body } = await create({ totp: { config: { totp_url: totpUrl } }, lookup_secret: { config: { codes } } })
    const next = totpUrl.replace('PXP', 'PXQ')
    const more = [{ code: 'cccc3333' }]
    const { traits, schema_id, state } = body
    const credentials = { totp: { config: { totp_url: next } }, lookup_secret: { config: { codes: more } } }
    await mine.call('PUT', `/admin/identities/${body.id}`, { json: { traits, schema_id, state, credentials } })
    expect(await shown(body.id)).toMatchObject({
      totp: { config: { totp_url: next } },
      lookup_secret: { config: { recovery_codes: [...codes, ...more] } },
    })
  })

  test.each([
    ['an app without an address', { totp: { config: {} } }],
    ['an app of another sort', { totp: { config: { totp_url: 'otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP' } } }],
    ['an app without a secret', { totp: { config: { totp_url: 'otpauth://totp/x' } } }],
    ['a secret that is no base32', { totp: { config: { totp_url: 'otpauth://totp/x?secret=1' } } }],
    ['no codes', { lookup_secret: { config: { codes: [] } } }],
    ['an empty code', { lookup_secret: { config: { codes: [{ code: '' }] } } }],
    ['too many codes', { lookup_secret: { config: { codes: Array(101).fill({ code: 'x' }) } } }],
    ['security keys', { webauthn: { config: { credentials: [] } } }],
  ])('refuses to import %s', async (_name, credentials) => {
    expect((await create(credentials)).status).toBe(400)
  })

  test('second factors are deleted by their owner’s administrator alone, once', async () => {
    const theirs = await app.project()
    const { body } = await create({ totp: { config: { totp_url: totpUrl } } })
    const remove = async (at: TestProject) =>
      (await at.call('DELETE', `/admin/identities/${body.id}/credentials/totp`)).status
    expect([await remove(theirs), await remove(mine), await remove(mine)]).toEqual([404, 204, 404])
    expect(await shown(body.id)).not.toHaveProperty('totp')
    const identity = await findIdentity(mine.ctx, body.id)
    expect(identity && secondFactors(identity)).toEqual(['code'])
  })

  test('a second factor counts as far as its method is enabled', async () => {
    const enabled = await app.project((identity) => ({
      ...identity,
      selfservice: {
        ...identity.selfservice,
        methods: { ...identity.selfservice.methods, totp: { ...identity.selfservice.methods.totp, enabled: true } },
      },
    }))
    const none = await app.project((identity) => ({
      ...identity,
      selfservice: {
        ...identity.selfservice,
        methods: { ...identity.selfservice.methods, totp: { ...identity.selfservice.methods.totp, enabled: false } },
      },
    }))
    expect(isEnabledSecondFactor(enabled.ctx, 'totp')).toBe(true)
    expect(isEnabledSecondFactor(none.ctx, 'totp')).toBe(false)
    expect(isEnabledSecondFactor(enabled.ctx, 'password')).toBe(false)
  })

  test('an empty credential is empty of proofs, for every type', () => {
    const { random } = mine.ctx
    for (const { type, isSecondFactor, countFirstFactors } of credentialDefinitions) {
      const credential = emptyCredential(mine.ctx, type, random.uuid())
      expect(credential).toMatchObject({ type, version: definitionOf(type)?.version })
      expect(isSecondFactor?.(credential.config) ?? false).toBe(false)
      const methods = mine.ctx.config.identity.selfservice.methods
      const without = { ...methods, code: { ...methods.code, passwordless_enabled: false } }
      expect(countFirstFactors?.(credential, without) ?? 0).toBe(0)
    }
    const types: CredentialType[] = credentialDefinitions.map(({ type }) => type)
    expect(new Set(types).size).toBe(types.length)
  })
})
