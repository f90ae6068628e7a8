import { ApiError } from '@latchkey/api'
import * as apikey from '../src/apikey/store.ts'
import * as courier from '../src/courier/store.ts'
import * as event from '../src/event/store.ts'
import { newIdentity } from '../src/identity/index.ts'
import { insertMerge } from '../src/identity/merge/store.ts'
import * as identity from '../src/identity/store.ts'
import type { Context } from '../src/kernel/context.ts'
import { tokenHash } from '../src/kernel/keys.ts'
import * as limits from '../src/limit/counter-store.ts'
import { recordChanges } from '../src/permission/changes/record.ts'
import * as tuples from '../src/permission/tuples/store.ts'
import { saveConfigDocument } from '../src/project/config-store.ts'
import * as challenges from '../src/selfservice/ceremonies/store.ts'
import * as errors from '../src/selfservice/errors/store.ts'
import { beginExchange, completeExchange } from '../src/selfservice/exchange/exchange.ts'
import type { Flow } from '../src/selfservice/flow/flow.ts'
import * as flows from '../src/selfservice/flow/store.ts'
import * as codes from '../src/selfservice/methods/code/store.ts'
import * as links from '../src/selfservice/methods/link/store.ts'
import { insertAuthorizationRequest } from '../src/selfservice/methods/oidc/store.ts'
import { replacePendingChange } from '../src/selfservice/pending/store.ts'
import { insertDevice } from '../src/session/device-store.ts'
import * as session from '../src/session/store.ts'
import { fillOAuth2 } from './oauth2-filled.ts'

export const email = 'ada@harbour.example'
export const identifier = { credential_type: 'password', identifier: email }
export const address = { kind: 'recovery' as const, via: 'email', value: email }

export const tupleRow = {
  namespace: 'Pier',
  object: '7',
  relation: 'keepers',
  subject_namespace: 'Crew',
  subject_object: 'north',
  subject_relation: 'members',
  id: 1,
  condition: '',
}

export const tupleShape = {
  namespace: 'Pier',
  relation: 'keepers',
  subject_namespace: 'Crew',
  subject_relation: 'members',
  conditional: 0,
}

/** Puts something into every table of a project. */
export async function fill(ctx: Context) {
  const now = ctx.clock.now()
  const traits = { email }
  const at = new Date(now).toISOString()
  const config = { totp_url: 'otpauth://totp/Pier:ada?secret=JBSWY3DPEHPK3PXP' }
  const totp = { type: 'totp' as const, identifiers: [], config, version: 0, created_at: at, updated_at: at }
  const person = newIdentity(ctx, { schemaId: 'person', traits, externalId: 'berth-7', credentials: { totp } })
  await identity.insertIdentityRow(ctx, person)
  const { id } = person.document
  await identity.addIdentifiers(ctx, id, [identifier])
  await identity.addAddresses(ctx, id, [address])
  await tuples.insertTuples(ctx, [tupleRow])
  await tuples.insertShapes(ctx, [tupleShape])
  await recordChanges(ctx, [{ action: 'insert', tuple: tupleRow }])
  const own = {
    id: ctx.random.uuid(),
    identityId: id,
    active: true,
    aal: 'aal1' as const,
    authenticatedAt: now,
    issuedAt: now,
    expiresAt: now + 1000,
    methods: [],
    devices: [],
  }
  await session.insertSession(ctx, own, tokenHash('one'))
  const flow = flowOf(ctx)
  await beginExchange(ctx, flow)
  await flows.insertFlow(ctx, flow)
  const other = flowOf(ctx)
  await beginExchange(ctx, other)
  const back = await completeExchange(ctx, { ...other, returnTo: 'https://app.example/' }, { id: own.id, token: 'one' })
  const exchanged = { init: `${other.exchangeCode}`, returnTo: new URL(back ?? '').searchParams.get('code') ?? '' }
  const { code } = await codes.issueCode(ctx, flow.id, 'recovery', { identityId: id, via: 'email', address: email })
  const link = await links.issueLinkToken(ctx, 'recovery_link', {
    flowId: flow.id,
    identityId: id,
    via: 'email',
    address: email,
  })
  const authorization = {
    state_hash: 'state',
    flow_id: flow.id,
    browser_hash: null,
    sealed_data: '',
    expires_at: now + 1000,
  }
  await insertAuthorizationRequest(ctx, authorization)
  const pending = {
    identity_id: id,
    session_id: own.id,
    flow_id: flow.id,
    settings_flow_id: other.id,
    via: 'email',
    value: 'new@harbour.example',
    traits_hash: 'hash',
    changes: '{}',
    expires_at: now + 1000,
  }
  await replacePendingChange(ctx, pending)
  const merge = {
    id: ctx.random.uuid(),
    snapshot: { into: person, from: person, fingerprint: '' },
    expiresAt: now + 1000,
  }
  await insertMerge(ctx, merge)
  const error = await errors.storeFlowError(ctx, ApiError.notFound(), {
    request: 'one',
    flow: { ...flow, steps: [[0, 'begun']] },
  })
  const message = messageOf(ctx)
  await courier.insertMessage(ctx, message)
  await courier.insertMessage(ctx, { ...messageOf(ctx), status: 'sent' })
  await courier.insertMessage(ctx, { ...messageOf(ctx), next_attempt_at: now + 1 })
  await courier.claimMessages(ctx, { holder: 'us', limit: 1, until: now + 1 })
  await saveConfigDocument(ctx, { document: { name: 'Harbour' }, now: ctx.clock.now() })
  await ctx.db.insertInto('courier_dispatches').values(dispatch(message.id)).execute()
  await limits.increment(ctx, ['account'], 1000)
  const challenge = ctx.random.token(43)
  await challenges.spendChallenge(ctx, challenge, now + 1000)
  const token = await apikey.createProjectToken(ctx, 'first')
  await event.insertEvents(ctx, [eventOf(ctx)])
  await insertDevice(ctx, { identityId: id, hash: 'device', expiresAt: now + 1000 }, 10)
  await fillOAuth2(ctx)
  const made = eventOf(ctx)
  return {
    event: made,
    ctx,
    person,
    session: { ...own, token: tokenHash('one') },
    flow,
    exchanged,
    authorization,
    pending,
    merge,
    code,
    link: link.token,
    error,
    message,
    challenge,
    token,
  }
}

function flowOf(ctx: Context): Flow {
  const now = ctx.clock.now()
  const times = { issuedAt: now, expiresAt: now + 1000, updatedAt: now }
  const ui = { action: '', method: 'POST', nodes: [] }
  return {
    id: ctx.random.uuid(),
    name: 'recovery',
    type: 'api',
    state: 'sent_email',
    requestUrl: '',
    csrfToken: '',
    ui,
    ...times,
  } as Flow
}

function eventOf(ctx: Context) {
  const of = { name: 'IdentityCreated', actor_type: 'system', actor_id: null, attributes: '{}' }
  return { id: ctx.random.orderedUuid(), ...of, created_at: ctx.clock.now() }
}

function messageOf(ctx: Context) {
  const now = ctx.clock.now()
  const body = { subject: '', body: '', html: null, template_type: 'stub', template_data: null, channel: null }
  const sending = { status: 'queued' as const, send_count: 0, next_attempt_at: now, claimed_by: null }
  return {
    id: ctx.random.uuid(),
    type: 'email' as const,
    recipient: email,
    ...body,
    ...sending,
    created_at: now,
    updated_at: now,
  }
}

export function dispatch(messageId: string) {
  return { id: messageId, message_id: messageId, status: 'success' as const, error: null, created_at: 0, updated_at: 0 }
}
