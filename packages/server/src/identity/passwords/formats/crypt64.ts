const crypt64Alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * The base64 variant of crypt(3). The bytes are read in the given order, in groups of three, most significant byte
 * first; each group is encoded starting with the least significant six bits.
 */
export function crypt64(bytes: Buffer, order: readonly number[]): string {
  let text = ''
  for (let i = 0; i < order.length; i += 3) {
    const group = order.slice(i, i + 3)
    let value = group.reduce((sum, position) => sum * 256 + (bytes[position] ?? 0), 0)
    for (let letters = group.length + 1; letters > 0; letters--) {
      text += crypt64Alphabet[value % 64]
      value = Math.floor(value / 64)
    }
  }
  return text
}
