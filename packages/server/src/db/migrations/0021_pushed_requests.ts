import type { Kysely, Migration } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'
import { secure } from './0001_foundation.ts'

/** Pushed authorization requests (RFC 9126), by the hash of their request_uri. */
export function pushedRequests({ dialect }: Capabilities): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('oauth2_pushed_requests')
        .addColumn('project_id', 'text', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .addColumn('client_id', 'text', (column) => column.notNull())
        .addColumn('sealed_data', 'text', (column) => column.notNull())
        .addColumn('used_at', 'bigint')
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('oauth2_pushed_requests_pk', ['project_id', 'hash'])
        .execute()
      const index = (name: string) =>
        db.schema.createIndex(`oauth2_pushed_requests_${name}`).on('oauth2_pushed_requests')
      await index('client').columns(['project_id', 'client_id']).execute()
      await index('expiry').columns(['expires_at']).execute()
      if (dialect === 'postgres') await secure(db, 'oauth2_pushed_requests')
    },
  }
}
