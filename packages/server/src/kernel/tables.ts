/**
 * Every table of the database by name. Each room adds its own in `tables.ts` by declaration merging.
 * `project_id` is in every table but in no row type: the project plugin of `db/` adds it.
 */
// biome-ignore lint/suspicious/noEmptyInterface: rooms merge their tables into it
export interface Tables {}
