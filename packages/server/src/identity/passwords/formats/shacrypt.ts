import { createHash } from 'node:crypto'
import { crypt64 } from './crypt64.ts'
import { equal } from './equal.ts'
import type { HashFormat } from './format.ts'
import { inSlices } from './slices.ts'

const minRounds = 1000
const defaultRounds = 5000
const maxRounds = 1_000_000

export const sha256crypt = shaCryptFormat('sha256', 32)
export const sha512crypt = shaCryptFormat('sha512', 64)

/** `$sha512-crypt$[rounds=<n>$]<salt>$<digest>`: Ory's prefixes for the `$5$` and `$6$` schemes of glibc. */
function shaCryptFormat(algorithm: 'sha256' | 'sha512', bytes: 32 | 64): HashFormat {
  const letters = Math.ceil((bytes * 8) / 6)
  const shape = new RegExp(
    `^\\$${algorithm}-crypt\\$(?:rounds=(\\d{1,9})\\$)?([./0-9A-Za-z]{0,16})\\$([./0-9A-Za-z]{${letters}})$`,
  )
  const order = bytes === 32 ? order256() : order512()
  return {
    name: `${algorithm}crypt`,
    matches: (hash) => hash.startsWith(`$${algorithm}-crypt$`),
    decode(hash) {
      const [, roundText, salt, digest] = shape.exec(hash) ?? []
      if (salt === undefined || digest === undefined) return 'malformed'
      const rounds = Math.max(minRounds, Number(roundText ?? defaultRounds))
      if (rounds > maxRounds) return 'too expensive'
      return async (password) => {
        const made = await shaCrypt(algorithm, password, Buffer.from(salt), rounds)
        return equal(Buffer.from(digest), Buffer.from(crypt64(made, order)))
      }
    },
  }
}

/** Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512", version 0.6. The step numbers refer to that document. */
async function shaCrypt(algorithm: string, password: Buffer, salt: Buffer, rounds: number): Promise<Buffer> {
  const digest = (...parts: Buffer[]) => {
    const hash = createHash(algorithm)
    for (const part of parts) hash.update(part)
    return hash.digest()
  }
  // Steps 4 to 12.
  const b = digest(password, salt, password)
  const start = [password, salt, repeat(b, password.length)]
  for (let bits = password.length; bits > 0; bits >>= 1) start.push(bits & 1 ? b : password)
  let a = digest(...start)
  // Steps 13 to 20: the sequences P and S.
  const p = repeat(digest(...Array<Buffer>(password.length).fill(password)), password.length)
  const s = repeat(digest(...Array<Buffer>(16 + (a[0] ?? 0)).fill(salt)), salt.length)
  // Step 21.
  await inSlices(rounds, (i) => {
    const parts = [i % 2 ? p : a]
    if (i % 3) parts.push(s)
    if (i % 7) parts.push(p)
    parts.push(i % 2 ? a : p)
    a = digest(...parts)
  })
  return a
}

function repeat(block: Buffer, bytes: number): Buffer {
  return bytes === 0 ? Buffer.alloc(0) : Buffer.alloc(bytes, block)
}

/** Step 22: groups of three bytes, a third of the digest apart, rotated by one position in each group. */
function order256(): number[] {
  const order = Array.from({ length: 10 }, (_, i) => rotate([i, i + 10, i + 20], 2 * i)).flat()
  return [...order, 31, 30]
}

function order512(): number[] {
  const order = Array.from({ length: 21 }, (_, i) => rotate([i, i + 21, i + 42], i)).flat()
  return [...order, 63]
}

function rotate(triple: [number, number, number], places: number): number[] {
  return [0, 1, 2].map((i) => triple[(i + places) % 3] ?? 0)
}
