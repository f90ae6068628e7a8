import type { Context } from '../../../kernel/context.ts'
import { tokenHash } from '../../../kernel/keys.ts'
import type { CodeRow } from '../../tables.ts'

export type LinkPurpose = 'recovery_link' | 'verification_link'

interface LinkTarget {
  flowId: string
  identityId: string
  via: string
  address: string
  lifespanMs?: number
}

/** Creates a link token. Only its hash is stored. */
export async function issueLinkToken(
  ctx: Context,
  purpose: LinkPurpose,
  target: LinkTarget,
): Promise<{ token: string; expiresAt: number }> {
  const token = ctx.random.token(32)
  const lifespan = target.lifespanMs ?? ctx.config.identity.selfservice.methods.link.config.lifespan
  const expiresAt = ctx.clock.now() + lifespan
  const row: CodeRow = {
    id: ctx.random.uuid(),
    flow_id: target.flowId,
    purpose,
    hash: tokenHash(token),
    identity_id: target.identityId,
    via: target.via,
    address: target.address,
    expires_at: expiresAt,
    used_at: null,
  }
  await ctx.db.insertInto('codes').values(row).execute()
  return { token, expiresAt }
}

/**
 * Redeems a link token. Of concurrent attempts, exactly one succeeds. Returns undefined if the token is unknown, used,
 * expired, or belongs to another flow.
 */
export async function redeemLinkToken(
  ctx: Context,
  purpose: LinkPurpose,
  token: string,
  flowId: string,
): Promise<Pick<CodeRow, 'identity_id' | 'via' | 'address'> | undefined> {
  const now = ctx.clock.now()
  const [claimed] = await ctx.db
    .updateTable('codes')
    .set({ used_at: now })
    .where('hash', '=', tokenHash(token))
    .where('purpose', '=', purpose)
    .where('flow_id', '=', flowId)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .execute()
  if (!claimed || claimed.numUpdatedRows === 0n) return undefined
  return ctx.db
    .selectFrom('codes')
    .select(['identity_id', 'via', 'address'])
    .where('hash', '=', tokenHash(token))
    .where('purpose', '=', purpose)
    .executeTakeFirst()
}
