import type { Random } from '../kernel/random.ts'
import type { Database } from './database.ts'

declare module '../kernel/tables.ts' {
  interface Tables {
    installation: { name: string; value: string }
  }
}

/** The installation's secret (32 bytes): created on first start and shared by all nodes of a database. */
export async function installationSecret(database: Database, random: Random): Promise<Buffer> {
  await database.unscoped
    .insertInto('installation')
    .values({ name: 'secret', value: random.bytes(32).toString('base64') })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const { value } = await database.unscoped
    .selectFrom('installation')
    .select('value')
    .where('name', '=', 'secret')
    .executeTakeFirstOrThrow()
  return Buffer.from(value, 'base64')
}
