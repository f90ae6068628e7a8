import type { Database } from './database.ts'

declare module '../kernel/tables.ts' {
  interface Tables {
    leases: { name: string; holder: string; expires_at: number }
  }
}

export interface Lease {
  name: string
  /** Who takes it; whoever holds it may renew it. */
  holder: string
  now: number
  /** When it lapses unless it is renewed. Milliseconds since 1970. */
  until: number
}

/** Takes or renews a lease in one statement: of any number of nodes exactly one holds it. False if another does. */
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
