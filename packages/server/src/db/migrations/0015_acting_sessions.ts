import type { Kysely, Migration } from 'kysely'

/** Who acts in a session of somebody else, as JSON. */
export function actingSessions(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('sessions').addColumn('act', 'text').execute()
    },
  }
}
