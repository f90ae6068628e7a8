import { type AliasedExpression, type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Capabilities } from '../kernel/context.ts'

/** An element of a JSON array as a row: its position, from 0, and its value. */
export interface Entry {
  position: number
  item: string
}

/**
 * Expands a JSON array, given as text, into rows. The statement text does not depend on the number of elements, so it
 * is prepared only once.
 */
export function eachOf<Alias extends string>(
  { dialect }: Capabilities,
  list: Expression<string> | string,
  alias: Alias,
): AliasedExpression<Entry, Alias> {
  const rows =
    dialect === 'postgres'
      ? sql<Entry>`(select ordinality - 1 as position, value as item from jsonb_array_elements(cast(${list} as jsonb)) with ordinality)`
      : sql<Entry>`(select key as position, value as item from json_each(${list}))`
  return rows.as(alias)
}

/** The text at an index of an element that is an array itself. */
export function itemText(item: Expression<string>, index: number): RawBuilder<string> {
  return sql`(${item} ->> ${sql.lit(index)})`
}

/** The same for the element of an alias. */
export function entryText(alias: string, index: number): RawBuilder<string> {
  return itemText(sql.ref<string>(`${alias}.item`), index)
}

/** The integer at an index of an element that is an array itself. */
export function itemNumber(item: Expression<string>, index: number): RawBuilder<number> {
  return sql`cast(${itemText(item, index)} as bigint)`
}

/** Whether the values of some columns equal an element of a JSON array of arrays. */
export function inEachOf(
  capabilities: Capabilities,
  columns: readonly string[],
  list: Expression<string> | string,
): RawBuilder<SqlBool> {
  const item = sql.ref<string>('listed.item')
  const wanted = sql.join(columns.map((_, i) => itemText(item, i)))
  const own = sql.join(columns.map((column) => sql.ref(column)))
  return sql<SqlBool>`(${own}) in (select ${wanted} from ${eachOf(capabilities, list, 'listed')})`
}
