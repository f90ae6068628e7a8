import type { Expression, ExpressionBuilder, SqlBool, StringReference } from 'kysely'
import type { Capabilities } from '../kernel/context.ts'

/**
 * Whether a column starts with a text, case-sensitively. SQLite sorts by code point, so a range comparison can use its
 * index; PostgreSQL sorts by collation, so LIKE is used instead.
 */
export function startsWith<Db, Name extends keyof Db>(
  { dialect }: Capabilities,
  eb: ExpressionBuilder<Db, Name>,
  column: StringReference<Db, Name>,
  start: string,
): Expression<SqlBool> {
  if (dialect === 'postgres') return eb(column, 'like', `${start.replaceAll(/[\\%_]/g, '\\$&')}%` as never)
  return eb.and([eb(column, '>=', start as never), eb(column, '<', `${start}\u{10FFFF}` as never)])
}
