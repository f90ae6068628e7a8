/** Joins names into one key; names never contain the separator. */
export function nameOf(names: readonly string[]): string {
  // A fast path: most keys have three parts.
  if (names.length === 3) return `${names[0]}\0${names[1]}\0${names[2]}`
  return names.join('\0')
}
