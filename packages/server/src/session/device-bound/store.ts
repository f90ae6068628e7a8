import type { Context } from '../../kernel/context.ts'
import type { SessionRow } from '../tables.ts'
import type { DeviceKey } from './proof.ts'

/** An active session of an active identity, and its device. */
export type Binding = Pick<
  SessionRow,
  'id' | 'identity_id' | 'token_hash' | 'bound_at' | 'device_key' | 'device_proved_at'
>

export async function findBinding(ctx: Context, id: string): Promise<Binding | undefined> {
  return ctx.db
    .selectFrom('sessions as s')
    .innerJoin('identities as i', 'i.id', 's.identity_id')
    .select(['s.id', 's.identity_id', 's.token_hash', 's.bound_at', 's.device_key', 's.device_proved_at'])
    .where('s.id', '=', id)
    .where('s.active', '=', 1)
    .where('s.expires_at', '>', ctx.clock.now())
    .where('i.state', '=', 'active')
    .executeTakeFirst()
}

/** Binds a session that is not bound. Returns false if it is, or has ended: of several attempts one wins. */
export async function bind(
  ctx: Context,
  id: string,
  { key, provedAt }: { key: DeviceKey; provedAt: number },
): Promise<boolean> {
  const { numUpdatedRows } = await ctx.db
    .updateTable('sessions')
    .set({ bound_at: ctx.clock.now(), device_key: JSON.stringify(key), device_proved_at: provedAt })
    .where('id', '=', id)
    .where('active', '=', 1)
    .where('bound_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Redeems a challenge. Returns false if it, or a newer one, was redeemed before, or the session has ended. */
export async function redeemChallenge(ctx: Context, id: string, issuedAt: number): Promise<boolean> {
  const { numUpdatedRows } = await ctx.db
    .updateTable('sessions')
    .set({ device_proved_at: issuedAt })
    .where('id', '=', id)
    .where('active', '=', 1)
    .where('device_proved_at', '<', issuedAt)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}
