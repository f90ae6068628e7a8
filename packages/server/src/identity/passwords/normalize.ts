/** Longer texts are no passwords; normalization can take quadratic time. */
const longest = 4096

/**
 * The form in which a password is hashed, measured and looked up (RFC 8265, section 4.2, as NIST SP 800-63B asks for):
 * composed characters, and plain spaces. Keyboards and systems differ in what they type for the same letter.
 */
export function normalizePassword(typed: string): string {
  return typed.length > longest ? typed : typed.replace(/\p{Zs}/gu, ' ').normalize('NFC')
}

/** What a password is compared as: normalized, and as typed, since earlier and imported hashes were made of that. */
export function comparedForms(typed: string): readonly string[] {
  const normalized = normalizePassword(typed)
  return normalized === typed ? [typed] : [normalized, typed]
}
