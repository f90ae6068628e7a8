export interface Position {
  line: number
  column: number
}

/**
 * Maps an index of the text to a position the way Keto does: it counts the bytes before the index and then advances by
 * as many characters. After multi-byte characters, positions are therefore too far right, but never past the end.
 */
export function positionsIn(text: string): (index: number) => Position {
  const { bytesBefore, characters, lineStarts } = measureText(text)
  return (index) => {
    const bytes = bytesBefore[index] ?? 0
    // As in Keto, the position is always after at least one character.
    const walked = Math.min(Math.max(bytes, 1), characters)
    // A newline belongs to the line that it ends, unless the byte count exceeds the length of the text.
    const line = linesBefore(lineStarts, bytes > characters ? walked : walked - 1)
    return { line: line + 1, column: walked - (lineStarts[line] ?? 0) }
  }
}

/** `lineStarts` holds the number of characters before each line. */
function measureText(text: string): { bytesBefore: Uint32Array; characters: number; lineStarts: number[] } {
  const bytesBefore = new Uint32Array(text.length + 1)
  const lineStarts = [0]
  let bytes = 0
  let characters = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    bytes += bytesOf(unit)
    bytesBefore[index + 1] = bytes
    if (unit < 0xdc00 || unit > 0xdfff) characters++
    if (unit === 0x0a) lineStarts.push(characters)
  }
  return { bytesBefore, characters, lineStarts }
}

/** Each half of a surrogate pair accounts for two of its four bytes. */
function bytesOf(unit: number): number {
  if (unit < 0x80) return 1
  return unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3
}

/** The number of newlines in the first `walked` characters. Binary search, as a file may have many lines and faults. */
function linesBefore(lineStarts: readonly number[], walked: number): number {
  let low = 0
  let high = lineStarts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((lineStarts[middle] ?? 0) <= walked) low = middle
    else high = middle
  }
  return low
}
