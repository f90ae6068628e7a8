/** One text for several names; names never contain the separator. */
export function nameOf(names: readonly string[]): string {
  // Most have three parts, for which this takes half as long.
  if (names.length === 3) return `${names[0]}\0${names[1]}\0${names[2]}`
  return names.join('\0')
}
