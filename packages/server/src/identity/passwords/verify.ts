import { type HashingContext, hashingCost, maxComparedBytes } from './cost.ts'
import { formats } from './formats/index.ts'
import { limitHashing, type Turn } from './limiter.ts'
import { comparedForms } from './normalize.ts'

const maxHashLength = 4096

/**
 * Whether the password matches the stored hash, in any known format, normalized or as typed. Unknown, malformed, and too expensive hashes match
 * no password. Throws 503 if too many hash operations are waiting.
 */
export async function verifyPassword(password: string, hash: string, turn?: Turn): Promise<boolean> {
  const check = decode(hash)
  if (typeof check !== 'function') return false
  for (const form of comparedForms(password)) if (await matches(form, check, turn)) return true
  return false
}

async function matches(form: string, check: (bytes: Buffer) => Promise<boolean>, turn?: Turn): Promise<boolean> {
  const bytes = Buffer.from(form)
  try {
    return await limitHashing(async () => {
      // Passwords that are too long are compared as well, so that the response time is the same.
      const same = await check(bytes.subarray(0, maxComparedBytes)).catch(() => false)
      return same && bytes.length <= maxComparedBytes
    }, turn)
  } finally {
    bytes.fill(0)
  }
}

/**
 * Whether a hash can be imported: its format is known and its memory and time cost are acceptable. As in Kratos, a
 * malformed hash of a known format is accepted, although it matches no password.
 */
export function isKnownHash(hash: string): boolean {
  const decoded = decode(hash)
  return decoded !== 'unknown' && decoded !== 'too expensive'
}

/**
 * Takes as long as a comparison of this password, so that the response time does not reveal whether an account exists. Throws 503 if too
 * many hash operations are waiting.
 */
export async function dummyVerify(ctx: HashingContext, typed: string, turn?: Turn): Promise<void> {
  await verifyPassword(typed, unmatchableHash(ctx), turn)
}

/** Whether comparing with a stored hash takes less time than with a hash of the configured algorithm and cost. */
export function isCheaperThanConfigured(ctx: HashingContext, hash: string): boolean {
  const cost = hashingCost(ctx)
  if (cost.algorithm === 'bcrypt')
    return !(Number(/^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1]) >= cost.cost)
  const parameters = unmatchableHash(ctx).split('$', 4).join('$')
  return !hash.startsWith(`${parameters}$`)
}

function decode(hash: string) {
  if (hash.length > maxHashLength) return 'unknown'
  const decoded = formats.find((format) => format.matches(hash))?.decode(hash) ?? 'unknown'
  return typeof decoded === 'string' ? decoded : async (password: Buffer) => decoded(password)
}

/** A well-formed hash of the configured cost that matches no password. */
function unmatchableHash(ctx: HashingContext): string {
  const cost = hashingCost(ctx)
  if (cost.algorithm === 'bcrypt') return `$2a$${String(cost.cost).padStart(2, '0')}$${'.'.repeat(53)}`
  const { memoryKib, iterations, parallelism, saltBytes, keyBytes } = cost
  const zeros = (bytes: number) => Buffer.alloc(bytes).toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${memoryKib},t=${iterations},p=${parallelism}$${zeros(saltBytes)}$${zeros(keyBytes)}`
}
