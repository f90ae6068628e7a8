import { randomBytes, randomFillSync, randomInt, randomUUID } from 'node:crypto'
import { type Clock, systemClock } from './clock.ts'

/** The source of all random values. */
export interface Random {
  bytes(length: number): Buffer
  /** UUID version 4 (RFC 9562), for unpredictable IDs. */
  uuid(): string
  /** UUID version 7 (RFC 9562), sorted by creation time, for IDs of listed rows. */
  orderedUuid(): string
  /** `length` letters and digits; 32 characters have 190 bits of entropy. */
  token(length: number): string
  /** A code of decimal digits. */
  digits(length: number): string
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Random bytes are generated in blocks, because one system call per value is expensive. */
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

/** Random values; the clock determines the time of ordered IDs. */
export function createRandom(clock: Pick<Clock, 'now'>): Random {
  return { bytes: draw, uuid: () => randomUUID(), orderedUuid: orderedUuids(clock), token, digits }
}

export const systemRandom: Random = createRandom(systemClock)

const maxSequence = 0xfff

/** IDs are monotonic within a process, also within a millisecond (RFC 9562, section 6.2, method 1). */
function orderedUuids(clock: Pick<Clock, 'now'>): () => string {
  let lastMs = 0
  let sequence = 0
  return () => {
    const tail = draw(10)
    const now = clock.now()
    if (now > lastMs) {
      lastMs = now
      // Starts in the lower half of the counter range, which leaves room for further IDs in this millisecond.
      sequence = tail.readUInt16BE(0) & (maxSequence >> 1)
    } else if (++sequence > maxSequence) {
      lastMs++
      sequence = 0
    }
    tail.writeUInt16BE(0x7000 | sequence, 0)
    tail.writeUInt8((tail.readUInt8(2) & 0x3f) | 0x80, 2)
    const time = lastMs.toString(16).padStart(12, '0')
    const rest = tail.toString('hex')
    return `${time.slice(0, 8)}-${time.slice(8)}-${rest.slice(0, 4)}-${rest.slice(4, 8)}-${rest.slice(8)}`
  }
}

function token(length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of draw(length + 8)) {
      // 248 = 4 × 62: larger bytes would cause modulo bias.
      if (byte < 248 && text.length < length) text += alphabet[byte % 62]
    }
  }
  return text
}

function digits(length: number): string {
  return String(randomInt(10 ** length)).padStart(length, '0')
}
