import { type ColumnDefinitionBuilder, type Kysely, type Migration, sql } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'
import { secure } from './0001_foundation.ts'

/**
 * Relation tuples, indexed for both directions: the primary key leads from an object to its subjects, the index from a
 * subject to its objects. On SQLite the table is stored in the primary key (WITHOUT ROWID).
 */
export function relationTuples({ dialect }: Capabilities): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const table = db.schema
        .createTable('relation_tuples')
        .addColumn('project_id', 'text', notNull)
        .addColumn('namespace', 'text', notNull)
        .addColumn('object', 'text', notNull)
        .addColumn('relation', 'text', notNull)
        .addColumn('subject_namespace', 'text', notNull)
        .addColumn('subject_object', 'text', notNull)
        .addColumn('subject_relation', 'text', notNull)
        .addColumn('id', 'bigint', notNull)
        .addPrimaryKeyConstraint('relation_tuples_pk', [
          'project_id',
          'namespace',
          'object',
          'relation',
          'subject_namespace',
          'subject_object',
          'subject_relation',
          'id',
        ])
      await (dialect === 'sqlite' ? table.modifyEnd(sql`without rowid`) : table).execute()
      await db.schema
        .createIndex('relation_tuples_reverse')
        .on('relation_tuples')
        .columns([
          'project_id',
          'subject_namespace',
          'subject_object',
          'subject_relation',
          'namespace',
          'relation',
          'object',
          'id',
        ])
        .execute()
      const kinds = db.schema
        .createTable('relation_tuple_kinds')
        .addColumn('project_id', 'text', notNull)
        .addColumn('namespace', 'text', notNull)
        .addColumn('relation', 'text', notNull)
        .addColumn('subject_namespace', 'text', notNull)
        .addColumn('subject_relation', 'text', notNull)
        .addPrimaryKeyConstraint('relation_tuple_kinds_pk', [
          'project_id',
          'namespace',
          'relation',
          'subject_namespace',
          'subject_relation',
        ])
      await (dialect === 'sqlite' ? kinds.modifyEnd(sql`without rowid`) : kinds).execute()
      if (dialect === 'postgres') for (const name of ['relation_tuples', 'relation_tuple_kinds']) await secure(db, name)
    },
  }
}

const notNull = (column: ColumnDefinitionBuilder) => column.notNull()
