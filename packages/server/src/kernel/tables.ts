/**
 * Every table of the database by name. Each room adds its own in `tables.ts` by declaration merging.
 * `project_id` is a column of every table but not part of the row types: the project plugin of `db/` adds it.
 */
// biome-ignore lint/suspicious/noEmptyInterface: rooms merge their tables into it
export interface Tables {}
