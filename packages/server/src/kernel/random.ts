import { randomBytes, randomFillSync, randomInt, randomUUID } from 'node:crypto'

/** Where all unpredictable values come from. */
export interface Random {
  bytes(length: number): Buffer
  /** UUID version 4: nothing about it can be guessed. */
  uuid(): string
  /** UUID version 7 (RFC 9562): sorts by time, for rows that are listed. */
  orderedUuid(): string
  /** `length` letters and digits; 32 of them hold 190 bits. */
  token(length: number): string
  /** A code of decimal digits. */
  digits(length: number): string
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Random bytes are drawn in blocks, since a system call for each value costs more than the value. */
const pool = { bytes: Buffer.alloc(8192), used: 8192 }

function draw(length: number): Buffer {
  if (length > pool.bytes.length / 4) return randomBytes(length)
  if (pool.used + length > pool.bytes.length) {
    randomFillSync(pool.bytes)
    pool.used = 0
  }
  const start = pool.used
  pool.used += length
  const taken = Buffer.from(pool.bytes.subarray(start, pool.used))
  pool.bytes.fill(0, start, pool.used)
  return taken
}

export const systemRandom: Random = {
  bytes: draw,
  uuid: () => randomUUID(),
  orderedUuid() {
    const hex = Date.now().toString(16).padStart(12, '0')
    const tail = draw(10)
    tail.writeUInt8((tail.readUInt8(0) & 0x0f) | 0x70, 0)
    tail.writeUInt8((tail.readUInt8(2) & 0x3f) | 0x80, 2)
    const rest = tail.toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8)}-${rest.slice(0, 4)}-${rest.slice(4, 8)}-${rest.slice(8)}`
  },
  token(length) {
    let token = ''
    while (token.length < length) {
      for (const byte of draw(length + 8)) {
        // 248 = 4 × 62: larger bytes would favour the first letters.
        if (byte < 248 && token.length < length) token += alphabet[byte % 62]
      }
    }
    return token
  },
  digits(length) {
    return String(randomInt(10 ** length)).padStart(length, '0')
  },
}
