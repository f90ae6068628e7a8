/** Invisible characters, which would allow identifiers that look identical. */
const invisible = /\p{Cf}|\p{Cc}|\u034F|\u115F|\u1160|\u17B4|\u17B5|\u3164|\uFFA0/gu

/** The form in which identifiers and addresses are stored and compared: NFKC, no invisible characters, trimmed, lower case. */
export function normalizeIdentifier(value: string): string {
  return value.normalize('NFKC').replace(invisible, '').trim().toLowerCase()
}
