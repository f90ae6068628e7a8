import { type Kysely, type Migration, sql } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'

const columns = ['namespace', 'object', 'relation', 'subject_namespace', 'subject_object', 'subject_relation']

/**
 * Names of relation tuples are compared by their bytes, as SQLite does, whatever language a PostgreSQL database is
 * made for: lists have the same order everywhere, and a page can go on where another way of reading ended.
 */
export function tupleNamesInByteOrder({ dialect }: Capabilities): Migration {
  return {
    async up(db: Kysely<unknown>) {
      if (dialect !== 'postgres') return
      const changes = columns.map((column) => sql`alter column ${sql.ref(column)} type text collate "C"`)
      await sql`alter table relation_tuples ${sql.join(changes)}`.execute(db)
    },
  }
}
