import type { Kysely, Migration } from 'kysely'

/**
 * The device that a session is bound to: since when, its public key, and the time of the newest challenge that it
 * answered. All are null in a session that is not bound.
 */
export function boundSessions(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('sessions').addColumn('bound_at', 'bigint').execute()
      await db.schema.alterTable('sessions').addColumn('device_key', 'text').execute()
      await db.schema.alterTable('sessions').addColumn('device_proved_at', 'bigint').execute()
    },
  }
}
