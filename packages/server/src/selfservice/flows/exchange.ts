import { ApiError } from '@latchkey/api'
import { schemaUrl } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { type Call, json, type Reply, redirect } from '../../kernel/http/index.ts'
import { sameText, tokenHash } from '../../kernel/keys.ts'
import { openText, sealText } from '../../kernel/seal.ts'
import { findByTokenHash, sessionFromRow, sessionView } from '../../session/index.ts'
import type { Turn } from '../turn.ts'
import { speaksJson } from './answer.ts'
import type { Flow } from './flow.ts'

/** Gives an app a code, with which it fetches the session that a browser will have begun for it. */
export async function beginExchange(ctx: Context, flow: Flow): Promise<void> {
  flow.exchangeCode = ctx.random.token(64)
  await ctx.db
    .insertInto('session_exchanges')
    .values({
      id: ctx.random.uuid(),
      flow_id: flow.id,
      init_hash: tokenHash(flow.exchangeCode),
      return_to_hash: '',
      session_id: null,
      sealed_token: null,
      expires_at: flow.expiresAt,
    })
    .execute()
}

/** In a browser that carries on an app's flow: keeps the session for the app and sends the browser back to it. */
export async function completeExchange(turn: Turn, sessionId: string, token: string): Promise<Reply | undefined> {
  const { ctx, call, flow } = turn
  if (!flow.exchangeCode || !flow.returnTo || speaksJson(call, 'browser')) return undefined
  const code = ctx.random.token(64)
  const changed = await ctx.db
    .updateTable('session_exchanges')
    .set({ return_to_hash: tokenHash(code), session_id: sessionId, sealed_token: seal(ctx, sessionId, token) })
    .where('flow_id', '=', flow.id)
    .where('session_id', 'is', null)
    .executeTakeFirst()
  if (changed.numUpdatedRows === 0n) return undefined
  const to = new URL(flow.returnTo, ctx.config.identity.serve.public.base_url)
  to.searchParams.set('code', code)
  return redirect(to.toString())
}

/** `GET /sessions/token-exchange`: both codes together give the session and its token. */
export async function exchangeToken(ctx: Context, call: Call): Promise<Reply> {
  const [init, returnTo] = [call.search.get('init_code'), call.search.get('return_to_code')]
  if (!init || !returnTo)
    throw ApiError.badRequest({ reason: 'The parameters init_code and return_to_code are needed.' })
  const row = await ctx.db
    .selectFrom('session_exchanges')
    .select(['return_to_hash', 'session_id', 'sealed_token'])
    .where('init_hash', '=', tokenHash(init))
    .where('expires_at', '>', ctx.clock.now())
    .executeTakeFirst()
  if (!row) throw ApiError.notFound({ reason: 'There is no such exchange.' })
  if (!row.session_id || !row.sealed_token || !sameText(row.return_to_hash, tokenHash(returnTo))) {
    throw ApiError.notFound({ reason: 'There is no session for these codes.' })
  }
  const token = unseal(ctx, row.session_id, row.sealed_token)
  const found = await findByTokenHash(ctx, tokenHash(token))
  if (found?.active !== 1 || found.expires_at <= ctx.clock.now())
    throw ApiError.notFound({ reason: 'The session has ended.' })
  const identity = { ...JSON.parse(found.document), schema_url: schemaUrl(ctx, found.schema_id) }
  return json(200, {
    session: { ...sessionView(sessionFromRow(found), ctx.clock.now()), identity },
    session_token: token,
  })
}

/** Removes exchanges that ran out before `before`, at most `limit`. Gives how many. */
export async function removeExpiredExchanges(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  const [result] = await ctx.db
    .deleteFrom('session_exchanges')
    .where('id', 'in', (eb) =>
      eb.selectFrom('session_exchanges').select('id').where('expires_at', '<', before).limit(limit),
    )
    .execute()
  return Number(result?.numDeletedRows ?? 0)
}

/** Encrypted, as the app fetches it later; bound to its session. */
function seal(ctx: Context, sessionId: string, token: string): string {
  return sealText(ctx.random, ctx.keys.derive('session exchange'), sessionId, token)
}

function unseal(ctx: Context, sessionId: string, sealed: string): string {
  return openText(ctx.keys.derive('session exchange'), sessionId, sealed) ?? ''
}
