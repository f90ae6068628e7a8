import type { Expression, ExpressionBuilder, SqlBool, StringReference } from 'kysely'
import type { Capabilities } from '../kernel/context.ts'

/**
 * Whether a column starts with a text, letter for letter. SQLite sorts texts by their code points, so that a range
 * uses its index; PostgreSQL sorts as its language does, and there LIKE is the one that tells letters apart.
 */
export function startsWith<DB, TB extends keyof DB>(
  { dialect }: Capabilities,
  eb: ExpressionBuilder<DB, TB>,
  column: StringReference<DB, TB>,
  start: string,
): Expression<SqlBool> {
  if (dialect === 'postgres') return eb(column, 'like', `${start.replaceAll(/[\\%_]/g, '\\$&')}%` as never)
  return eb.and([eb(column, '>=', start as never), eb(column, '<', `${start}\u{10FFFF}` as never)])
}
