import type { Kysely, Migration } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'
import { secure } from './0001_foundation.ts'

/** Failed sign-in attempts by account and by network. */
export function attempts({ dialect }: Capabilities): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('attempts')
        .addColumn('project_id', 'text', (column) => column.notNull())
        .addColumn('key', 'text', (column) => column.notNull())
        .addColumn('count', 'integer', (column) => column.notNull())
        .addColumn('resets_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('attempts_pk', ['project_id', 'key'])
        .execute()
      await db.schema.createIndex('attempts_expiry').on('attempts').columns(['resets_at']).execute()
      if (dialect === 'postgres') await secure(db, 'attempts')
    },
  }
}
