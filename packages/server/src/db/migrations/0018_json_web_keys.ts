import type { Kysely, Migration } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'
import { secure } from './0001_foundation.ts'

/** Sets of JSON Web Keys, encrypted. A unique position orders each set, so that a first key is generated once only. */
export function jsonWebKeys({ dialect }: Capabilities): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('json_web_keys')
        .addColumn('project_id', 'text', (column) => column.notNull())
        .addColumn('set_name', 'text', (column) => column.notNull())
        .addColumn('kid', 'text', (column) => column.notNull())
        .addColumn('position', 'integer', (column) => column.notNull())
        .addColumn('sealed_key', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('json_web_keys_pk', ['project_id', 'set_name', 'kid'])
        .addUniqueConstraint('json_web_keys_position', ['project_id', 'set_name', 'position'])
        .execute()
      if (dialect === 'postgres') await secure(db, 'json_web_keys')
    },
  }
}
