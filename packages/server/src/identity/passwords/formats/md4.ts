/** HMAC (RFC 2104) with MD4, which OpenSSL 3 no longer provides, but exports of old systems still use. */
export function hmacMd4(key: Buffer, message: Buffer): Buffer {
  const block = Buffer.alloc(64)
  ;(key.length > 64 ? md4(key) : key).copy(block)
  const inner = md4(Buffer.concat([block.map((byte) => byte ^ 0x36), message]))
  return md4(Buffer.concat([block.map((byte) => byte ^ 0x5c), inner]))
}

/** MD4, RFC 1320. */
export function md4(message: Buffer): Buffer {
  const padded = Buffer.alloc(Math.ceil((message.length + 9) / 64) * 64)
  message.copy(padded)
  padded[message.length] = 0x80
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, padded.length - 8)

  const state: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let offset = 0; offset < padded.length; offset += 64) mixBlock(state, padded.subarray(offset, offset + 64))
  const out = Buffer.alloc(16)
  state.forEach((word, i) => void out.writeUInt32LE(word, i * 4))
  return out
}

type State = [number, number, number, number]

const rounds = [
  {
    mix: (x: number, y: number, z: number) => (x & y) | (~x & z),
    constant: 0,
    shifts: [3, 7, 11, 19],
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  },
  {
    mix: (x: number, y: number, z: number) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    shifts: [3, 5, 9, 13],
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
  },
  {
    mix: (x: number, y: number, z: number) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    shifts: [3, 9, 11, 15],
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
  },
]

function mixBlock(state: State, block: Buffer): void {
  let [a, b, c, d] = state
  for (const { mix, constant, shifts, order } of rounds)
    order.forEach((word, step) => {
      const sum = (a + mix(b, c, d) + block.readUInt32LE(word * 4) + constant) | 0
      const shift = shifts[step % 4] ?? 0
      ;[a, d, c, b] = [d, c, b, (sum << shift) | (sum >>> (32 - shift))]
    })
  state.forEach((word, i) => {
    state[i] = (word + ([a, b, c, d][i] ?? 0)) >>> 0
  })
}
