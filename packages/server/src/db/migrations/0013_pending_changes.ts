import type { Kysely, Migration } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'
import { secure } from './0001_foundation.ts'

/** Changes of identities that wait for the verification of a new address, one per identity. */
export function pendingChanges({ dialect }: Capabilities): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('pending_changes')
        .addColumn('project_id', 'text', (column) => column.notNull())
        .addColumn('identity_id', 'text', (column) => column.notNull())
        .addColumn('session_id', 'text', (column) => column.notNull())
        .addColumn('flow_id', 'text', (column) => column.notNull())
        .addColumn('settings_flow_id', 'text', (column) => column.notNull())
        .addColumn('via', 'text', (column) => column.notNull())
        .addColumn('value', 'text', (column) => column.notNull())
        .addColumn('traits_hash', 'text', (column) => column.notNull())
        .addColumn('changes', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('pending_changes_pk', ['project_id', 'identity_id'])
        .addForeignKeyConstraint(
          'pending_changes_identity',
          ['project_id', 'identity_id'],
          'identities',
          ['project_id', 'id'],
          (foreign) => foreign.onDelete('cascade'),
        )
        .addForeignKeyConstraint(
          'pending_changes_session',
          ['project_id', 'session_id'],
          'sessions',
          ['project_id', 'id'],
          (foreign) => foreign.onDelete('cascade'),
        )
        .execute()
      await db.schema
        .createIndex('pending_changes_flow')
        .on('pending_changes')
        .columns(['project_id', 'flow_id'])
        .execute()
      await db.schema
        .createIndex('pending_changes_session_idx')
        .on('pending_changes')
        .columns(['project_id', 'session_id'])
        .execute()
      await db.schema.createIndex('pending_changes_expiry').on('pending_changes').columns(['expires_at']).execute()
      if (dialect === 'postgres') await secure(db, 'pending_changes')
    },
  }
}
