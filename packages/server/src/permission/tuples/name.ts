/** One text for several names; none of them holds the character between them. */
export function nameOf(names: readonly string[]): string {
  return names.join('\0')
}
