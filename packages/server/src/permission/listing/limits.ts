/** What one page finds by following tuples; beyond it, all names are checked in their order instead. */
export const maxFound = 10_000

/** The names that are checked for one page; beyond it the page ends, however full it is. */
export const maxCheckedNames = 2_000

/** The names that are checked by one resolution. */
export const maxNamesPerRun = 50

/** How long names are checked for one page: a single check may read many tuples. */
export const maxDurationMs = 5_000
