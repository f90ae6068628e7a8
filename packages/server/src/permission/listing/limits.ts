/** So much is found by following tuples for one page; beyond it all names are gone through in their order instead. */
export const mostFound = 10_000

/** So many names are checked for one page; beyond it the page ends, however full it is. */
export const mostChecked = 2_000

/** So long names are checked for one page: a single check may take many tuples. */
export const longestMs = 5_000
