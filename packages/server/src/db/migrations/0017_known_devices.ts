import type { Kysely, Migration } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'
import { secure } from './0001_foundation.ts'

/** Browsers in which identities have proven more than a password, by the hash of the token in their cookie. */
export function knownDevices({ dialect }: Capabilities): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('known_devices')
        .addColumn('project_id', 'text', (column) => column.notNull())
        .addColumn('identity_id', 'text', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('known_devices_pk', ['project_id', 'identity_id', 'hash'])
        .addForeignKeyConstraint(
          'known_devices_identity',
          ['project_id', 'identity_id'],
          'identities',
          ['project_id', 'id'],
          (foreign) => foreign.onDelete('cascade'),
        )
        .execute()
      await db.schema.createIndex('known_devices_expiry').on('known_devices').columns(['expires_at']).execute()
      if (dialect === 'postgres') await secure(db, 'known_devices')
    },
  }
}
