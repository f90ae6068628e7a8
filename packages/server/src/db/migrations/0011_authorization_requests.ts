import type { Kysely, Migration } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'
import { secure } from './0001_foundation.ts'

/** Sign-ins that go on at a provider, by the hash of their state. */
export function authorizationRequests({ dialect }: Capabilities): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('authorization_requests')
        .addColumn('project_id', 'text', (column) => column.notNull())
        .addColumn('state_hash', 'text', (column) => column.notNull())
        .addColumn('flow_id', 'text', (column) => column.notNull())
        .addColumn('browser_hash', 'text')
        .addColumn('sealed_data', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('used_at', 'bigint')
        .addPrimaryKeyConstraint('authorization_requests_pk', ['project_id', 'state_hash'])
        .execute()
      await db.schema
        .createIndex('authorization_requests_expiry')
        .on('authorization_requests')
        .columns(['expires_at'])
        .execute()
      if (dialect === 'postgres') await secure(db, 'authorization_requests')
    },
  }
}
