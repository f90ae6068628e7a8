import type { Kysely, Migration } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'
import { secure } from './0001_foundation.ts'

/** Challenges of authenticators that were redeemed, until their flows expire. */
export function spentChallenges({ dialect }: Capabilities): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('spent_challenges')
        .addColumn('project_id', 'text', (column) => column.notNull())
        .addColumn('challenge', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('spent_challenges_pk', ['project_id', 'challenge'])
        .execute()
      await db.schema.createIndex('spent_challenges_expiry').on('spent_challenges').columns(['expires_at']).execute()
      if (dialect === 'postgres') await secure(db, 'spent_challenges')
    },
  }
}
