import { type Expression, type RawBuilder, sql } from 'kysely'
import type { Capabilities } from '../kernel/context.ts'

/**
 * JSON texts of many rows as one value, with commas in between; null where there is no row. Rows whose text is null are
 * left out. The rows come from a subquery with an order and a limit. SQLite keeps that order, and gives bytes: they go
 * to the connection as they are, where a string would be decoded first and then encoded again.
 */
export function joinedJson(
  { dialect }: Capabilities,
  text: Expression<string | null>,
  order: Expression<unknown>,
): RawBuilder<string | Uint8Array | null> {
  if (dialect === 'postgres') return sql`string_agg(${text}, ',' order by ${order})`
  return sql`cast(group_concat(${text}) as blob)`
}

/** The text of a stored JSON object without the brace that opens it. SQLite counts characters in a text, but not in bytes. */
export function withoutOpeningBrace({ dialect }: Capabilities, json: Expression<string>): RawBuilder<string> {
  return dialect === 'postgres' ? sql`substr(${json}, 2)` : sql`substr(cast(${json} as blob), 2)`
}

/** Texts one after the other, null where one of them is null; strings stand for themselves. */
export function spliced(...parts: readonly (string | Expression<string | null>)[]): RawBuilder<string | null> {
  return sql.join(
    parts.map((part) => (typeof part === 'string' ? asText(part) : part)),
    sql` || `,
  )
}

/** The text that goes with what a column holds; null where none does. */
export function chosen(
  column: Expression<string>,
  texts: readonly (readonly [value: string, text: string])[],
): RawBuilder<string | null> {
  if (texts.length === 0) return sql`null`
  const cases = texts.map(([value, text]) => sql`when ${value} then ${asText(text)}`)
  return sql`case ${column} ${sql.join(cases, sql` `)} end`
}

/** PostgreSQL wants to know what a parameter is. */
function asText(value: string): RawBuilder<string> {
  return sql`cast(${value} as text)`
}
