/**
 * Whether CBOR (RFC 8949) has more than `most` data items from a position on, at any depth. It reads the heads only, so
 * that what is refused costs nothing: decoders make an object of every item.
 */
export function hasMoreItems(bytes: Uint8Array, from: number, most: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = from
  for (let items = 0; at < bytes.length; items++) {
    if (items === most) return true
    const head = bytes[at] ?? 0
    const argument = argumentOf(view, at + 1, head & 0x1f)
    if (argument === undefined) return false
    const isText = head >> 5 === 2 || head >> 5 === 3
    at += 1 + argument.size + (isText ? argument.value : 0)
  }
  return false
}

/** The argument of a head, and how many bytes it has; undefined if it is cut off. */
function argumentOf(view: DataView, at: number, info: number): { size: number; value: number } | undefined {
  if (info < 24 || info > 27) return { size: 0, value: info < 24 ? info : 0 }
  const size = 1 << (info - 24)
  if (at + size > view.byteLength) return undefined
  if (size === 1) return { size, value: view.getUint8(at) }
  if (size === 2) return { size, value: view.getUint16(at) }
  return { size, value: size === 4 ? view.getUint32(at) : Number(view.getBigUint64(at)) }
}
