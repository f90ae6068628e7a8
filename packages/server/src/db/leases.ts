import type { Database } from './database.ts'

declare module '../kernel/tables.ts' {
  interface Tables {
    leases: { name: string; holder: string; expires_at: number }
  }
}

export interface Lease {
  name: string
  /** The holder's id; the holder may renew its lease. */
  holder: string
  now: number
  /** When the lease expires unless it is renewed, in milliseconds since the Unix epoch. */
  until: number
}

/** Acquires or renews a lease atomically, so that exactly one node holds it. Returns false if another node does. */
export async function takeLease({ unscoped }: Pick<Database, 'unscoped'>, lease: Lease): Promise<boolean> {
  const { name, holder, now, until } = lease
  const result = await unscoped
    .insertInto('leases')
    .values({ name, holder, expires_at: until })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ holder, expires_at: until })
        .where((eb) => eb.or([eb('leases.expires_at', '<=', now), eb('leases.holder', '=', holder)])),
    )
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}
