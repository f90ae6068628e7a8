/** Characters that are not shown, which would allow texts that look identical. */
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\u2800\uFFFC\u{1D159}]/gu

/** The characters of a text that can be seen, in compatibility form (NFKC) and trimmed. */
export function visibleText(value: string): string {
  // Without an invisible character in between, an accent combines with its letter.
  return value.normalize('NFKC').replace(invisible, '').normalize('NFKC').trim()
}

/** The form in which two texts are equal if they look the same, whatever their case. */
export function comparableText(value: string): string {
  return foldCase(visibleText(value)).normalize('NFKC')
}

/**
 * Simple case folding (Unicode, section 5.18): one character in place of one, so that ß stays ß, and ı stays ı. Those
 * are other letters in an address, whose mail must not go to somebody else.
 */
function foldCase(text: string): string {
  return text.toLowerCase().replace(/[^\0-\x7F\u0131]/gu, (character) => {
    const upper = character.toUpperCase()
    return [...upper].length === 1 ? upper.toLowerCase() : character
  })
}
