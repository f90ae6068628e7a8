import type { ColumnDefinitionBuilder, Kysely, Migration } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'
import { secure } from './0001_foundation.ts'

/**
 * The change log of relation tuples, ordered by revision, and conditions on tuples. A project's revision is a counter
 * in one row; its lock serializes the transactions that write tuples, so a reader that sees a revision sees all earlier
 * ones.
 */
export function relationTupleChanges({ dialect }: Capabilities): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .alterTable('relation_tuples')
        .addColumn('condition', 'text', (column) => column.notNull().defaultTo(''))
        .execute()
      // Including the condition makes this a covering index on SQLite; in PostgreSQL it could exceed the size limit of
      // an index entry.
      if (dialect === 'sqlite') {
        await db.schema.dropIndex('relation_tuples_reverse').execute()
        await db.schema.createIndex('relation_tuples_reverse').on('relation_tuples').columns(reverse).execute()
      }
      await db.schema
        .alterTable('relation_tuple_kinds')
        .addColumn('conditional', 'integer', (column) => column.notNull().defaultTo(0))
        .execute()
      await db.schema
        .createTable('relation_tuple_revisions')
        .addColumn('project_id', 'text', (column) => column.notNull().primaryKey())
        .addColumn('revision', 'bigint', notNull)
        .execute()
      await db.schema
        .createTable('relation_tuple_changes')
        .addColumn('project_id', 'text', notNull)
        .addColumn('revision', 'bigint', notNull)
        .addColumn('part', 'integer', notNull)
        .addColumn('count', 'integer', notNull)
        .addColumn('changes', 'text', notNull)
        .addColumn('changed_at', 'bigint', notNull)
        .addPrimaryKeyConstraint('relation_tuple_changes_pk', ['project_id', 'revision', 'part'])
        .execute()
      if (dialect !== 'postgres') return
      for (const name of ['relation_tuple_revisions', 'relation_tuple_changes']) await secure(db, name)
    },
  }
}

const reverse = [
  'project_id',
  'subject_namespace',
  'subject_object',
  'subject_relation',
  'namespace',
  'relation',
  'object',
  'id',
  'condition',
]

const notNull = (column: ColumnDefinitionBuilder) => column.notNull()
