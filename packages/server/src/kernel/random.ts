import { randomBytes, randomFillSync, randomInt, randomUUID } from 'node:crypto'
import { type Clock, systemClock } from './clock.ts'

/** Where all unpredictable values come from. */
export interface Random {
  bytes(length: number): Buffer
  /** UUID version 4: nothing about it can be guessed. */
  uuid(): string
  /** UUID version 7 (RFC 9562): sorts by the time at which it was made, for rows that are listed. */
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

/** Random values whose ordered ids tell the time of a clock. */
export function createRandom(clock: Clock): Random {
  return { bytes: draw, uuid: () => randomUUID(), orderedUuid: orderedUuids(clock), token, digits }
}

export const systemRandom: Random = createRandom(systemClock)

const maxSequence = 0xfff

/** Ids of one process follow each other also within a millisecond (RFC 9562, section 6.2, method 1). */
function orderedUuids(clock: Clock): () => string {
  let lastMs = 0
  let sequence = 0
  return () => {
    const tail = draw(10)
    const now = clock.now()
    if (now > lastMs) {
      lastMs = now
      // Half of the numbers are left for the ids that follow in this millisecond.
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
      // 248 = 4 × 62: larger bytes would favor the first letters.
      if (byte < 248 && text.length < length) text += alphabet[byte % 62]
    }
  }
  return text
}

function digits(length: number): string {
  return String(randomInt(10 ** length)).padStart(length, '0')
}
