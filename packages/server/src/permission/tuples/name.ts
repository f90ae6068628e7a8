/** One text for several names; none of them holds the character between them. */
export function nameOf(names: readonly string[]): string {
  // Most are three, and joining those by hand takes half as long.
  if (names.length === 3) return `${names[0]}\0${names[1]}\0${names[2]}`
  return names.join('\0')
}
