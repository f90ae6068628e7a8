import {
  Configuration,
  CourierApi,
  FrontendApi,
  IdentityApi,
  MetadataApi,
  type RegistrationFlow,
  ResponseError,
  type SuccessfulNativeRegistration,
} from '@ory/client-fetch'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, newAddress, startTarget, type Target } from './target.ts'

const password = 'correct-Horse-7-battery'
let server: Target
let frontend: FrontendApi
let identities: IdentityApi
let courier: CourierApi

beforeAll(async () => {
  server = await startTarget()
  const admin = new Configuration({ basePath: server.admin })
  frontend = new FrontendApi(new Configuration({ basePath: server.public, headers: { accept: 'application/json' } }))
  identities = new IdentityApi(admin)
  courier = new CourierApi(admin)
})
afterAll(() => server?.stop())

async function signUp(email = newAddress()): Promise<SuccessfulNativeRegistration & { email: string }> {
  const flow = await frontend.createNativeRegistrationFlow()
  const done = await frontend.updateRegistrationFlow({
    flow: flow.id,
    updateRegistrationFlowBody: { method: 'password', password, traits: { email, name: { first: 'Ada', last: 'L' } } },
  })
  return { ...done, email }
}

async function refusal(promise: Promise<unknown>): Promise<{ status: number; body: unknown }> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  )
  if (!(error instanceof ResponseError)) throw new Error(`expected a refusal, got ${error}`)
  return { status: error.response.status, body: await error.response.json() }
}

describe('@ory/client-fetch, self-service', () => {
  it('signs up, has a session and signs out', async () => {
    const { email, session_token, session, identity } = await signUp()
    expect(session_token).toMatch(/^ory_st_/)
    expect(identity.traits.email).toBe(email)
    expect(session?.authenticator_assurance_level).toBe('aal1')
    const known = await frontend.toSession({ xSessionToken: session_token })
    expect(known.identity?.id).toBe(identity.id)
    expect(known.expires_at).toBeInstanceOf(Date)
    await frontend.performNativeLogout({ performNativeLogoutBody: { session_token: session_token as string } })
    expect((await refusal(frontend.toSession({ xSessionToken: session_token }))).status).toBe(401)
  })

  it('verifies an address by code', async () => {
    const { email, identity } = await signUp()
    const known = [await server.code(email)]
    const flow = await frontend.createNativeVerificationFlow()
    const sent = await frontend.updateVerificationFlow({
      flow: flow.id,
      updateVerificationFlowBody: { method: 'code', email },
    })
    expect(sent.state).toBe('sent_email')
    const done = await frontend.updateVerificationFlow({
      flow: flow.id,
      updateVerificationFlowBody: { method: 'code', code: await server.code(email, known) },
    })
    expect(done.state).toBe('passed_challenge')
    const [address] = (await identities.getIdentity({ id: identity.id })).verifiable_addresses ?? []
    expect(address).toMatchObject({ value: email, verified: true, status: 'completed' })
  })

  it('signs in, lists and ends sessions', async () => {
    const { email, session_token } = await signUp()
    const flow = await frontend.createNativeLoginFlow()
    const { session_token: second, session } = await frontend.updateLoginFlow({
      flow: flow.id,
      updateLoginFlowBody: { method: 'password', identifier: email, password },
    })
    const others = await frontend.listMySessions({ xSessionToken: session_token })
    expect(others.map(({ id }) => id)).toEqual([session.id])
    expect(await frontend.disableMyOtherSessions({ xSessionToken: session_token })).toEqual({ count: 1 })
    expect((await refusal(frontend.toSession({ xSessionToken: second }))).status).toBe(401)
  })

  it('receives the flow with the reason of a failed sign-in', async () => {
    const { email } = await signUp()
    const flow = await frontend.createNativeLoginFlow()
    const { status, body } = await refusal(
      frontend.updateLoginFlow({
        flow: flow.id,
        updateLoginFlowBody: { method: 'password', identifier: email, password: 'not-the-right-one' },
      }),
    )
    expect(status).toBe(400)
    expect((body as RegistrationFlow).ui.messages?.[0]).toMatchObject({ id: 4000006, type: 'error' })
  })

  it('changes profile and password in a settings flow', async () => {
    const { email, session_token } = await signUp()
    const flow = await frontend.createNativeSettingsFlow({ xSessionToken: session_token })
    const name = { first: 'Grace', last: 'H' }
    const changed = await frontend.updateSettingsFlow({
      flow: flow.id,
      xSessionToken: session_token,
      updateSettingsFlowBody: { method: 'profile', traits: { email, name } },
    })
    expect([changed.state, changed.identity.traits.name]).toEqual(['success', name])
    const again = await frontend.createNativeSettingsFlow({ xSessionToken: session_token })
    await frontend.updateSettingsFlow({
      flow: again.id,
      xSessionToken: session_token,
      updateSettingsFlowBody: { method: 'password', password: 'another-Fine-9-secret' },
    })
    const login = await frontend.createNativeLoginFlow()
    const { session } = await frontend.updateLoginFlow({
      flow: login.id,
      updateLoginFlowBody: { method: 'password', identifier: email, password: 'another-Fine-9-secret' },
    })
    expect(session.active).toBe(true)
  })

  it('recovers an account by code and gets a session', async () => {
    const { email } = await signUp()
    const flow = await frontend.createNativeRecoveryFlow()
    const known = [await server.code(email)]
    const sent = await frontend.updateRecoveryFlow({
      flow: flow.id,
      updateRecoveryFlowBody: { method: 'code', email },
    })
    expect(sent.state).toBe('sent_email')
    const done = await frontend.updateRecoveryFlow({
      flow: flow.id,
      updateRecoveryFlowBody: { method: 'code', code: await server.code(email, known) },
    })
    expect(done.continue_with?.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['show_settings_ui', 'set_ory_session_token']),
    )
  })
})

describe('@ory/client-fetch, admin API', () => {
  it('creates, reads, changes, patches and deletes an identity', async () => {
    const email = newAddress()
    const made = await identities.createIdentity({
      createIdentityBody: {
        schema_id: 'person',
        traits: { email },
        external_id: `ext-${email}`,
        metadata_public: { plan: 'free' },
        credentials: { password: { config: { password } } },
      },
    })
    expect(made.created_at).toBeInstanceOf(Date)
    expect((await identities.getIdentityByExternalID({ externalID: `ext-${email}` })).id).toBe(made.id)
    const put = await identities.updateIdentity({
      id: made.id,
      updateIdentityBody: { schema_id: 'person', state: 'inactive', traits: { email, newsletter: true } },
    })
    expect([put.state, put.traits.newsletter]).toEqual(['inactive', true])
    const patched = await identities.patchIdentity({
      id: made.id,
      jsonPatch: [{ op: 'replace', path: '/state', value: 'active' }],
    })
    expect(patched.state).toBe('active')
    await identities.deleteIdentity({ id: made.id })
    expect((await refusal(identities.getIdentity({ id: made.id }))).status).toBe(404)
  })

  it('creates a batch of identities and pages through them with the Link header', async () => {
    const emails = Array.from({ length: 5 }, newAddress)
    const batch = await identities.batchPatchIdentities({
      patchIdentitiesBody: {
        identities: emails.map((email) => ({ create: { schema_id: 'person', traits: { email } } })),
      },
    })
    expect(batch.identities?.map(({ action }) => action)).toEqual(Array(5).fill('create'))
    const seen = new Set<string>()
    for (let pageToken: string | undefined = ''; pageToken !== undefined; ) {
      const page = await identities.listIdentitiesRaw({ pageSize: 2, ...(pageToken ? { pageToken } : {}) })
      for (const { traits } of await page.value()) seen.add(traits.email)
      pageToken = page.raw.headers.get('link')?.match(/[?&]page_token=([^&>]+)[^>]*>; ?rel="next"/)?.[1]
    }
    expect(emails.filter((email) => !seen.has(email))).toEqual([])
    const [found] = await identities.listIdentities({ credentialsIdentifier: emails[3] })
    expect(found?.traits.email).toBe(emails[3])
  })

  it('reads, extends and ends sessions', async () => {
    const { session, identity } = await signUp()
    const id = session?.id as string
    expect((await identities.getSession({ id, expand: ['identity', 'devices'] })).identity?.id).toBe(identity.id)
    expect((await identities.listIdentitySessions({ id: identity.id })).map((one) => one.id)).toEqual([id])
    expect((await identities.listSessions({ active: true, expand: ['identity'] })).some((one) => one.id === id)).toBe(
      true,
    )
    await identities.disableSession({ id })
    expect((await identities.getSession({ id })).active).toBe(false)
    await identities.deleteIdentitySessions({ id: identity.id })
  })

  it('creates a valid recovery code', async () => {
    const { identity } = await signUp()
    const made = await identities.createRecoveryCodeForIdentity({
      createRecoveryCodeForIdentityBody: { identity_id: identity.id, expires_in: '10m', flow_type: 'api' },
    })
    const flow = new URL(made.recovery_link).searchParams.get('flow') as string
    const done = await frontend.updateRecoveryFlow({
      flow,
      updateRecoveryFlowBody: { method: 'code', code: made.recovery_code },
    })
    expect(done.continue_with?.some(({ action }) => action === 'show_settings_ui')).toBe(true)
  })

  it('lists schemas and messages and returns the version', async () => {
    const schemas = await identities.listIdentitySchemas()
    expect(schemas.map(({ id }) => id).sort()).toEqual(['customer', 'person'])
    expect(await identities.getIdentitySchema({ id: 'person' })).toHaveProperty('properties.traits')
    const { email } = await signUp()
    const [message] = await eventually(async () => {
      const found = await courier.listCourierMessages({ recipient: email })
      return found.length > 0 ? found : undefined
    })
    expect((await courier.getCourierMessage({ id: message?.id as string })).recipient).toBe(email)
    const metadata = new MetadataApi(new Configuration({ basePath: server.admin }))
    expect((await metadata.getVersion()).version).not.toBe('')
  })
})
