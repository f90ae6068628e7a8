import { type Expression, type RawBuilder, sql } from 'kysely'
import type { Capabilities } from '../kernel/context.ts'

/**
 * Concatenates the JSON texts of several rows, separated by commas; null if there are no rows. Rows whose text is null
 * are skipped. The rows come from a subquery with an order and a limit. SQLite preserves that order and returns bytes,
 * which are written to the connection without decoding and re-encoding a string.
 */
export function joinedJson(
  { dialect }: Capabilities,
  text: Expression<string | null>,
  order: Expression<unknown>,
): RawBuilder<string | Uint8Array | null> {
  if (dialect === 'postgres') return sql`string_agg(${text}, ',' order by ${order})`
  return sql`cast(group_concat(${text}) as blob)`
}

/**
 * A stored JSON object without its opening brace. On SQLite it is cast to bytes, because `substr` on text counts
 * characters.
 */
export function withoutOpeningBrace({ dialect }: Capabilities, json: Expression<string>): RawBuilder<string> {
  return dialect === 'postgres' ? sql`substr(${json}, 2)` : sql`substr(cast(${json} as blob), 2)`
}

/** Concatenates texts; null if any of them is null. Strings are literals. */
export function concatenate(...parts: readonly (string | Expression<string | null>)[]): RawBuilder<string | null> {
  return sql.join(
    parts.map((part) => (typeof part === 'string' ? asText(part) : part)),
    sql` || `,
  )
}

/** Maps a column's value to a text (`case`); null if no value matches. */
export function textByValue(
  column: Expression<string>,
  texts: readonly (readonly [value: string, text: string])[],
): RawBuilder<string | null> {
  if (texts.length === 0) return sql`null`
  const cases = texts.map(([value, text]) => sql`when ${value} then ${asText(text)}`)
  return sql`case ${column} ${sql.join(cases, sql` `)} end`
}

/** PostgreSQL cannot infer the parameter's type. */
function asText(value: string): RawBuilder<string> {
  return sql`cast(${value} as text)`
}
