import { ApiError } from '@latchkey/api'
import { findIdentity, type Identity } from '../../../identity/index.ts'
import { timestamp } from '../../../kernel/clock.ts'
import { parseDurationMs } from '../../../kernel/config/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Call, json, type Reply } from '../../../kernel/http/index.ts'
import { isUuid } from '../../../kernel/uuid.ts'
import { issueCode } from '../../methods/code/codes.ts'
import { codeField, continueButton } from '../../methods/code/nodes.ts'
import { issueLinkToken } from '../../methods/link/tokens.ts'
import type { Flow } from '../flow.ts'
import { checkedReturnTo } from '../return-to.ts'
import { insertFlow } from '../store.ts'
import { pageUrl, publicUrl, submitUrl } from '../urls.ts'

interface Request {
  identity_id?: string
  expires_in?: string
  flow_type?: string
}

/** Makes a recovery code for an identity (`POST /admin/recovery/code`). */
export async function createRecoveryCode(ctx: Context, call: Call, body: Request): Promise<Reply> {
  requireRecovery(ctx)
  if (!ctx.config.identity.selfservice.methods.code.enabled)
    throw ApiError.notFound({ reason: 'Recovery by code is switched off.' })
  const lifespanMs = lifespanOf(body.expires_in, ctx.config.identity.selfservice.methods.code.config.lifespan)
  const type = flowType(body.flow_type)
  const identity = await identityOf(ctx, body.identity_id)
  if (!identity) throw ApiError.notFound({ reason: 'There is no such identity.' })
  const flow = adminFlow(ctx, call, { type, lifespanMs, path: 'admin/recovery/code', active: 'code' })
  flow.ui.nodes = [codeField(1070010), continueButton()]
  await insertFlow(ctx, flow)
  const { code, expiresAt } = await issueCode(ctx, flow.id, 'recovery', {
    identityId: identity.document.id,
    via: '',
    address: '',
    lifespanMs,
  })
  return json(201, { recovery_link: pageUrl(ctx, flow), recovery_code: code, expires_at: timestamp(expiresAt) })
}

/** Makes a recovery link for an identity (`POST /admin/recovery/link`). */
export async function createRecoveryLink(ctx: Context, call: Call, body: Request): Promise<Reply> {
  requireRecovery(ctx)
  if (!ctx.config.identity.selfservice.methods.link.enabled)
    throw ApiError.notFound({ reason: 'Recovery by link is switched off.' })
  const lifespanMs = lifespanOf(body.expires_in, ctx.config.identity.selfservice.methods.link.config.lifespan)
  const returnTo = checkedReturnTo(ctx, call.search.get('return_to'))
  const identity = await identityOf(ctx, body.identity_id)
  if (!identity) throw ApiError.badRequest({ reason: 'There is no such identity.' })
  if (!identity.document.recovery_addresses?.length)
    throw ApiError.badRequest({ reason: 'The identity has no recovery address.' })
  const flow = adminFlow(ctx, call, { type: 'browser', lifespanMs, path: 'admin/recovery/link', active: 'link' })
  if (returnTo) flow.returnTo = returnTo
  await insertFlow(ctx, flow)
  const { token, expiresAt } = await issueLinkToken(ctx, 'recovery_link', {
    flowId: flow.id,
    identityId: identity.document.id,
    via: '',
    address: '',
    lifespanMs,
  })
  const url = publicUrl(ctx, 'self-service/recovery')
  url.searchParams.set('flow', flow.id)
  url.searchParams.set('token', token)
  return json(200, { recovery_link: url.toString(), expires_at: timestamp(expiresAt) })
}

/** Administrators are told that there is no recovery, not that they asked wrongly. */
function requireRecovery(ctx: Context): void {
  if (!ctx.config.identity.selfservice.flows.recovery.enabled)
    throw ApiError.notFound({ reason: 'Recovery is switched off.' })
}

/** It belongs to no browser yet, so it has no anti-CSRF token. */
function adminFlow(
  ctx: Context,
  call: Call,
  of: { type: Flow['type']; lifespanMs: number; path: string; active: string },
): Flow {
  const id = ctx.random.uuid()
  const now = ctx.clock.now()
  const base = ctx.config.identity.serve.admin.base_url
  return {
    id,
    name: 'recovery',
    type: of.type,
    state: 'sent_email',
    active: of.active,
    requestUrl: new URL(call.target.replace(/^\/+/, ''), base.endsWith('/') ? base : `${base}/`).toString(),
    issuedAt: now,
    expiresAt: now + of.lifespanMs,
    updatedAt: now,
    csrfToken: '',
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

function lifespanOf(value: string | undefined, fallback: number): number {
  if (value === undefined || value === '') return fallback
  const ms = parseDurationMs(value)
  if (ms === undefined || ms <= 0)
    throw ApiError.badRequest({ reason: 'expires_in must be a positive duration such as 1h.' })
  return ms
}
