const crypt64Alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * crypt(3)'s own base 64: the bytes are taken in the given order, three at a time, the first being the most
 * significant, and written from the least significant six bits up.
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
