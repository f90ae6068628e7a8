import { removeOld } from '../db/index.ts'
import type { Context } from '../kernel/context.ts'

/** Whether a device with one of these hashes is known for an identity. */
export async function hasDevice(ctx: Context, identityId: string, hashes: readonly string[]): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('known_devices')
    .select('hash')
    .where('identity_id', '=', identityId)
    .where('hash', 'in', hashes)
    .where('expires_at', '>', ctx.clock.now())
    .executeTakeFirst()
  return row !== undefined
}

/** Stores a device, and deletes the oldest ones of the identity, so that there are at most `most`. */
export async function insertDevice(
  ctx: Context,
  device: { identityId: string; hash: string; expiresAt: number },
  most: number,
): Promise<void> {
  const { identityId, hash, expiresAt } = device
  const all = await ctx.db
    .selectFrom('known_devices')
    .select('hash')
    .where('identity_id', '=', identityId)
    .orderBy('expires_at', 'desc')
    .orderBy('hash')
    .execute()
  const oldest = all.slice(most - 1).map((one) => one.hash)
  if (oldest.length > 0) await deletion(ctx, identityId).where('hash', 'in', oldest).execute()
  await ctx.db.insertInto('known_devices').values({ identity_id: identityId, hash, expires_at: expiresAt }).execute()
}

/** Deletes the devices of an identity, except those with one of these hashes. */
export async function deleteDevices(ctx: Context, identityId: string, except: readonly string[]): Promise<void> {
  const all = deletion(ctx, identityId)
  await (except.length > 0 ? all.where('hash', 'not in', except) : all).execute()
}

function deletion(ctx: Context, identityId: string) {
  return ctx.db.deleteFrom('known_devices').where('identity_id', '=', identityId)
}

/** Deletes at most `limit` devices that are not known any more since before `before`. Returns how many. */
export function removeExpiredDevices(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  return removeOld(ctx, { table: 'known_devices', key: 'hash', time: 'expires_at' }, { before, limit })
}
