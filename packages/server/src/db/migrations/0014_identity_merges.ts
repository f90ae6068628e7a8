import type { Kysely, Migration } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'
import { secure } from './0001_foundation.ts'

/** Merges of identities that can be undone, with the encrypted state before them. */
export function identityMerges({ dialect }: Capabilities): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('identity_merges')
        .addColumn('project_id', 'text', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('identity_id', 'text', (column) => column.notNull())
        .addColumn('sealed_snapshot', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('identity_merges_pk', ['project_id', 'id'])
        .addForeignKeyConstraint(
          'identity_merges_identity',
          ['project_id', 'identity_id'],
          'identities',
          ['project_id', 'id'],
          (foreign) => foreign.onDelete('cascade'),
        )
        .execute()
      await db.schema
        .createIndex('identity_merges_identity_idx')
        .on('identity_merges')
        .columns(['project_id', 'identity_id'])
        .execute()
      await db.schema.createIndex('identity_merges_expiry').on('identity_merges').columns(['expires_at']).execute()
      if (dialect === 'postgres') await secure(db, 'identity_merges')
    },
  }
}
