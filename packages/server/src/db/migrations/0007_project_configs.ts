import type { Kysely, Migration } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'
import { secure } from './0001_foundation.ts'

/** The configuration of projects that are not configured by files. */
export function projectConfigs({ dialect }: Capabilities): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('project_configs')
        .addColumn('project_id', 'text', (column) => column.notNull())
        .addColumn('document', 'text', (column) => column.notNull())
        .addColumn('updated_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('project_configs_pk', ['project_id'])
        .execute()
      if (dialect === 'postgres') await secure(db, 'project_configs')
    },
  }
}
