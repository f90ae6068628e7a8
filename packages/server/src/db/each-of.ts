import { type AliasedExpression, type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Capabilities } from '../kernel/context.ts'

/** An entry of a JSON list as a row: which one it is, from 0 on, and what it holds. */
export interface Entry {
  position: number
  item: string
}

/**
 * The entries of a JSON list, given as text, as rows to select from. A statement asks about any number of things this
 * way and stays the same, so that it is prepared once.
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

/** A text at an index of an entry that is a list itself. */
export function itemText(item: Expression<string>, index: number): RawBuilder<string> {
  return sql`(${item} ->> ${sql.lit(index)})`
}

/** The same, of the entry of an alias. */
export function entryText(alias: string, index: number): RawBuilder<string> {
  return itemText(sql.ref<string>(`${alias}.item`), index)
}

/** A whole number at an index of an entry that is a list itself. */
export function itemNumber(item: Expression<string>, index: number): RawBuilder<number> {
  return sql`cast(${itemText(item, index)} as bigint)`
}

/** Whether the texts of some columns are those of an entry of a JSON list of lists. */
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
