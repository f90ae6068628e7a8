export interface Position {
  line: number
  column: number
}

/**
 * Tells where an index of the text is, as Keto does: it counts the bytes before the place and then walks as many
 * characters. So a place behind letters of more than one byte is told too far on, but never beyond the text.
 */
export function positionsIn(text: string): (index: number) => Position {
  const { bytesBefore, characters, lineStarts } = measured(text)
  return (index) => {
    const bytes = bytesBefore[index] ?? 0
    // The first character counts as walked even for a place before it.
    const walked = Math.min(Math.max(bytes, 1), characters)
    // A line end that is reached still belongs to its line; only a walk that the text is too short for goes past it.
    const line = linesBefore(lineStarts, bytes > characters ? walked : walked - 1)
    return { line: line + 1, column: walked - (lineStarts[line] ?? 0) }
  }
}

/** `lineStarts` counts characters: a line begins after that many. */
function measured(text: string): { bytesBefore: Uint32Array; characters: number; lineStarts: number[] } {
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

/** Of a surrogate pair each half has two of the four bytes. */
function bytesOf(unit: number): number {
  if (unit < 0x80) return 1
  return unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3
}

/** How many line ends are among the first `walked` characters; by halves, since a file may have many lines and faults. */
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
