import { type Kysely, type Migration, sql } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'

const columns = ['namespace', 'object', 'relation', 'subject_namespace', 'subject_object', 'subject_relation']

/**
 * Compares the names of relation tuples by bytes, as SQLite does, whatever the PostgreSQL database's collation. Lists
 * then have the same order everywhere, and pagination can continue across query strategies.
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
