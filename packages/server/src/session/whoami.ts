import { ApiError } from '@latchkey/api'
import { fromRow as identityFromRow, type Identity, publicText } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { type Call, jsonText, type Reply } from '../kernel/http/index.ts'
import { highestAal } from './available-aal.ts'
import { fromRow, sessionView } from './record.ts'
import { resolveRow, unauthenticated } from './resolve.ts'
import type { SessionWithIdentity } from './store.ts'

/** The caller's session with its identity; 401 without one, 403 if a second factor is due. */
export async function whoami(ctx: Context, call: Call, tokenizeAs: string | undefined): Promise<Reply> {
  const row = await resolveRow(ctx, call)
  if (!row) throw unauthenticated()
  requireWhoamiAal(ctx, row, () => identityFromRow({ ...row, metadata_admin: null }))
  if (tokenizeAs) throw ApiError.badRequest({ reason: `There is no token template called ${tokenizeAs}.` })
  return jsonText(200, sessionText(ctx, row))
}

/** The session as JSON; the identity's stored JSON goes in as it is. */
export function sessionText(ctx: Context, row: SessionWithIdentity): string {
  const head = JSON.stringify(sessionView(fromRow(row), ctx.clock.now()))
  return `${head.slice(0, -1)},"identity":${publicText(ctx, row.document, row.schema_id)}}`
}

/** The one place that decides whether a session is good enough for whoami. */
export function requireWhoamiAal(ctx: Context, session: { aal: string }, identity: () => Identity): void {
  if (ctx.config.identity.session.whoami.required_aal === 'aal1' || session.aal !== 'aal1') return
  if (highestAal(ctx, identity()) !== 'aal2') return
  throw aal2Required(ctx)
}

/** The 403 that sends a person to the second factor. */
export function aal2Required(ctx: Context, returnTo?: string): ApiError {
  const url = new URL('self-service/login/browser', ctx.config.identity.serve.public.base_url)
  url.searchParams.set('aal', 'aal2')
  if (returnTo) url.searchParams.set('return_to', returnTo)
  return ApiError.sessionAal2Required(url.toString())
}
