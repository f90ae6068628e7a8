import { ApiError } from '@latchkey/api'
import { findIdentity, type Identity } from '../../../identity/index.ts'
import { timestamp } from '../../../kernel/clock.ts'
import { parseDurationMs } from '../../../kernel/config/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { isUuid } from '../../../kernel/uuid.ts'
import { recordAdminRecovery } from '../../flow/events.ts'
import type { Flow } from '../../flow/flow.ts'
import { checkedReturnTo } from '../../flow/return-to.ts'
import { submitUrl } from '../../flow/urls.ts'
import type { IssuedRecovery } from '../../method.ts'
import { isSwitchedOn, methods } from '../../methods/index.ts'

interface RecoveryRequest {
  identity_id?: string
  expires_in?: string
  return_to?: string
  /** The request target, from which the flow's request URL is derived. */
  target: string
}

/** Creates a recovery code for an identity. */
export async function createRecoveryCode(ctx: Context, asked: RecoveryRequest & { flow_type?: string }) {
  const { issue, lifespanMs } = issuer(ctx, 'code', asked)
  const type = flowType(asked.flow_type)
  const returnTo = checkedReturnTo(ctx, asked.return_to)
  const identity = await identityOf(ctx, asked.identity_id)
  if (!identity) throw ApiError.notFound({ reason: 'There is no such identity.' })
  const flow = adminFlow(ctx, { type, lifespanMs, target: asked.target, active: 'code' })
  if (returnTo) flow.returnTo = returnTo
  const { secret, url, expiresAt } = await issue(flow, identity)
  return { recovery_link: url, recovery_code: secret, expires_at: timestamp(expiresAt) }
}

/** Creates a recovery link for an identity. */
export async function createRecoveryLink(ctx: Context, asked: RecoveryRequest) {
  const { issue, lifespanMs } = issuer(ctx, 'link', asked)
  const returnTo = checkedReturnTo(ctx, asked.return_to)
  const identity = await identityOf(ctx, asked.identity_id)
  if (!identity) throw ApiError.badRequest({ reason: 'There is no such identity.' })
  const flow = adminFlow(ctx, { type: 'browser', lifespanMs, target: asked.target, active: 'link' })
  if (returnTo) flow.returnTo = returnTo
  const { url, expiresAt } = await issue(flow, identity)
  return { recovery_link: url, expires_at: timestamp(expiresAt) }
}

/** The method that issues recovery codes or links. If it is disabled, this is reported before an invalid request. */
function issuer(ctx: Context, name: 'code' | 'link', { expires_in: expiresIn }: RecoveryRequest) {
  if (!ctx.config.identity.selfservice.flows.recovery.enabled)
    throw ApiError.notFound({ reason: 'Recovery is switched off.' })
  const method = methods.find((one) => one.name === name)
  const step = method?.recovery
  if (!method || !step || !isSwitchedOn(ctx, method))
    throw ApiError.notFound({ reason: `Recovery by ${name} is switched off.` })
  const lifespanMs = lifespanOf(expiresIn, ctx.config.identity.selfservice.methods[name].config.lifespan)
  const issue = (flow: Flow, { document }: Identity): Promise<IssuedRecovery> =>
    ctx.transaction(async (tx) => {
      await recordAdminRecovery(tx, flow, document.id)
      return step.issue(tx, flow, { identityId: document.id, lifespanMs })
    })
  return { issue, lifespanMs }
}

/** Creates a flow without an anti-CSRF token, because it does not belong to a browser yet. */
function adminFlow(ctx: Context, of: { type: Flow['type']; lifespanMs: number; target: string; active: string }): Flow {
  const id = ctx.random.uuid()
  const now = ctx.clock.now()
  const base = ctx.config.identity.serve.admin.base_url
  return {
    id,
    name: 'recovery',
    type: of.type,
    state: 'sent_email',
    active: of.active,
    requestUrl: new URL(of.target.replace(/^\/+/, ''), base.endsWith('/') ? base : `${base}/`).toString(),
    issuedAt: now,
    expiresAt: now + of.lifespanMs,
    updatedAt: now,
    csrfToken: '',
    isUnbound: true,
    ui: { action: submitUrl(ctx, 'recovery', id), method: 'POST', nodes: [] },
  }
}

async function identityOf(ctx: Context, id: string | undefined): Promise<Identity | undefined> {
  return id && isUuid(id) ? findIdentity(ctx, id.toLowerCase()) : undefined
}

function flowType(value: string | undefined): Flow['type'] {
  if (value === undefined || value === '' || value === 'browser') return 'browser'
  if (value === 'api') return 'api'
  throw ApiError.badRequest({ reason: 'flow_type must be browser or api.' })
}

/** The maximum of `expires_in`: 365 days. */
const maxLifespanMs = 365 * 24 * 60 * 60 * 1000

function lifespanOf(value: string | undefined, fallback: number): number {
  if (value === undefined || value === '') return fallback
  const ms = parseDurationMs(value)
  if (!(ms > 0)) throw ApiError.badRequest({ reason: 'expires_in must be a positive duration such as 1h.' })
  if (ms > maxLifespanMs) throw ApiError.badRequest({ reason: 'expires_in may be at most 8760h (365 days).' })
  return ms
}
