import { removeOld } from '../../../db/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Flow } from '../../flow/flow.ts'
import { takeAttempt } from '../../flow/store.ts'
import type { CodeRow } from '../../tables.ts'

export type Purpose = 'login' | 'new device' | 'registration' | 'recovery' | 'verification'

const codeLength = 6

/** The recipient of a code, with the identity if it is known. */
export interface CodeTarget {
  identityId?: string
  via: string
  address: string
  /** In milliseconds; by default the configured lifespan. */
  lifespanMs?: number
}

/** Creates a code for a flow and invalidates the earlier codes of the flow. Only a keyed hash is stored. */
export async function issueCode(
  ctx: Context,
  flowId: string,
  purpose: Purpose,
  target: CodeTarget,
): Promise<{ code: string; expiresAt: number }> {
  const code = ctx.random.digits(codeLength)
  const lifespan = target.lifespanMs ?? ctx.config.identity.selfservice.methods.code.config.lifespan
  const expiresAt = ctx.clock.now() + lifespan
  await ctx.transaction(async (tx) => {
    await deleteCodes(tx, flowId, purpose)
    const row: CodeRow = {
      id: ctx.random.uuid(),
      flow_id: flowId,
      purpose,
      hash: hashesOf(ctx, flowId, purpose, code)[0] as string,
      identity_id: target.identityId ?? null,
      via: target.via,
      address: target.address,
      expires_at: expiresAt,
      used_at: null,
    }
    await tx.db.insertInto('codes').values(row).execute()
  })
  return { code, expiresAt }
}

export async function deleteCodes(ctx: Context, flowId: string, purpose: Purpose): Promise<void> {
  await ctx.db.deleteFrom('codes').where('flow_id', '=', flowId).where('purpose', '=', purpose).execute()
}

/** The recipient of the flow's code, if a code was sent. */
export async function codeRecipient(
  ctx: Context,
  flowId: string,
  purpose: Purpose,
): Promise<Pick<CodeRow, 'identity_id' | 'address'> | undefined> {
  return ctx.db
    .selectFrom('codes')
    .select(['identity_id', 'address'])
    .where('flow_id', '=', flowId)
    .where('purpose', '=', purpose)
    .executeTakeFirst()
}

export type Redeemed =
  | { found: Pick<CodeRow, 'identity_id' | 'via' | 'address'> }
  | { refused: 'wrong' | 'used' | 'expired' | 'too many' }

/**
 * Redeems a code of a flow. Every attempt is counted before the comparison, to limit guessing. Of concurrent
 * redemptions, exactly one succeeds. With an owner, only codes of that identity are valid.
 */
export async function redeemCode(
  ctx: Context,
  flow: Flow,
  purpose: Purpose,
  given: string,
  ownerId?: string,
): Promise<Redeemed> {
  const { max_submissions: limit } = ctx.config.identity.selfservice.methods.code.config
  if (!(await takeAttempt(ctx, flow.id, limit))) return { refused: 'too many' }
  const now = ctx.clock.now()
  const row = await ctx.db
    .selectFrom('codes')
    .select(['id', 'identity_id', 'via', 'address', 'expires_at', 'used_at'])
    .where('hash', 'in', hashesOf(ctx, flow.id, purpose, given.replaceAll(/\s/g, '')))
    .where('flow_id', '=', flow.id)
    .where('purpose', '=', purpose)
    .$if(ownerId !== undefined, (query) => query.where('identity_id', '=', ownerId as string))
    .executeTakeFirst()
  if (!row) return { refused: 'wrong' }
  if (row.used_at !== null) return { refused: 'used' }
  if (row.expires_at <= now) return { refused: 'expired' }
  const [claimed] = await ctx.db
    .updateTable('codes')
    .set({ used_at: now })
    .where('id', '=', row.id)
    .where('used_at', 'is', null)
    .execute()
  return claimed && claimed.numUpdatedRows > 0n ? { found: row } : { refused: 'used' }
}

/** The hashes under each key, the current one first. */
function hashesOf(ctx: Context, flowId: string, purpose: Purpose, code: string): string[] {
  return ctx.keys.macs('code', `${purpose} ${flowId} ${code}`)
}

/** Deletes at most `limit` codes that expired before `before`. Returns the number of deleted codes. */
export function removeExpiredCodes(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  return removeOld(ctx, { table: 'codes', key: 'id', time: 'expires_at' }, { before, limit })
}
