import { ApiError } from '@latchkey/api'
import type { IdentityDocument } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { sameText, tokenHash } from '../../kernel/keys.ts'
import { openText, sealText } from '../../kernel/seal.ts'
import { findByTokenHash, sessionFromRow } from '../../session/index.ts'
import type { Flow } from '../flow/flow.ts'
import { destination } from '../flow/return-to.ts'
import { exchangeOfFlow, fillExchange, findExchange, insertExchange, moveExchange } from './store.ts'

/** Gives an app a code with which it fetches the session that a browser will have begun for it. */
export async function beginExchange(ctx: Context, flow: Flow): Promise<void> {
  flow.exchangeCode = ctx.random.token(64)
  await insertExchange(ctx, { flowId: flow.id, initHash: tokenHash(flow.exchangeCode), expiresAt: flow.expiresAt })
}

/**
 * In a browser that carries on an app's flow: keeps the session for the app.
 * Returns the address that leads the browser back to the app, where the flow has an exchange.
 */
export async function completeExchange(
  ctx: Context,
  flow: Flow,
  session: { id: string; token: string },
): Promise<string | undefined> {
  const code = ctx.random.token(64)
  const sealedToken = sealText(ctx.random, ctx.keys.derive(keyPurpose), session.id, session.token)
  if (!(await fillExchange(ctx, flow.id, { returnToHash: tokenHash(code), id: session.id, sealedToken })))
    return undefined
  const to = new URL(destination(ctx, flow.returnTo))
  to.searchParams.set('code', code)
  return to.toString()
}

/** Whether the app of a flow fetches its session with a code. */
export async function hasExchange(ctx: Context, flow: Flow): Promise<boolean> {
  return flow.type === 'api' && (await exchangeOfFlow(ctx, flow.id)) !== undefined
}

/** Lets another flow complete the exchange of a flow that it replaces. */
export async function continueExchange(ctx: Context, from: Flow, to: Flow): Promise<void> {
  if (from.type === 'api') await moveExchange(ctx, from.id, to.id)
}

/** The session and its token for both codes together, the app's and the browser's; 404 for any others. */
export async function redeemExchange(ctx: Context, codes: { init: string; returnTo: string }) {
  const row = await findExchange(ctx, tokenHash(codes.init))
  if (!row) throw ApiError.notFound({ reason: 'There is no such exchange.' })
  if (!row.session_id || !row.sealed_token || !sameText(row.return_to_hash, tokenHash(codes.returnTo))) {
    throw ApiError.notFound({ reason: 'There is no session for these codes.' })
  }
  const token = openText(ctx.keys.deriveAll(keyPurpose), row.session_id, row.sealed_token) ?? ''
  const found = await findByTokenHash(ctx, tokenHash(token))
  if (found?.active !== 1 || found.expires_at <= ctx.clock.now())
    throw ApiError.notFound({ reason: 'The session has ended.' })
  return { session: sessionFromRow(found), document: JSON.parse(found.document) as IdentityDocument, token }
}

/** The token is encrypted, as the app fetches it later; it is bound to its session. */
const keyPurpose = 'session exchange'
