import { type HashingContext, hashingCost, maxComparedBytes } from './cost.ts'
import { formats } from './formats/index.ts'
import { limitHashing } from './limiter.ts'

const maxHashLength = 4096

/**
 * Whether the password belongs to the stored hash, in any known format. Unknown, malformed and unaffordable hashes
 * belong to no password. Throws 503 when too many passwords are waiting.
 */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const check = decode(hash)
  if (typeof check !== 'function') return false
  const bytes = Buffer.from(password)
  try {
    return await limitHashing(async () => {
      // A password that is too long takes as long as any other.
      const same = await check(bytes.subarray(0, maxComparedBytes)).catch(() => false)
      return same && bytes.length <= maxComparedBytes
    })
  } finally {
    bytes.fill(0)
  }
}

/**
 * Whether a hash can be imported: it names a known format and asks for no absurd amount of memory or time. Like
 * Kratos it accepts a malformed hash of a known format, with which nobody can sign in.
 */
export function isKnownHash(hash: string): boolean {
  const decoded = decode(hash)
  return decoded !== 'unknown' && decoded !== 'too expensive'
}

/** Spends the time of a comparison, so that an unknown account takes as long as a known one. Throws 503 when too many passwords are waiting. */
export async function dummyVerify(ctx: HashingContext): Promise<void> {
  await verifyPassword('no account has this password', unmatchableHash(ctx))
}

function decode(hash: string) {
  if (hash.length > maxHashLength) return 'unknown'
  const decoded = formats.find((format) => format.matches(hash))?.decode(hash) ?? 'unknown'
  return typeof decoded === 'string' ? decoded : async (password: Buffer) => decoded(password)
}

/** A well-formed hash at the configured cost that nobody's password made. */
function unmatchableHash(ctx: HashingContext): string {
  const cost = hashingCost(ctx)
  if (cost.algorithm === 'bcrypt') return `$2a$${String(cost.cost).padStart(2, '0')}$${'.'.repeat(53)}`
  const { memoryKib, iterations, parallelism, saltBytes, keyBytes } = cost
  const zeros = (bytes: number) => Buffer.alloc(bytes).toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${memoryKib},t=${iterations},p=${parallelism}$${zeros(saltBytes)}$${zeros(keyBytes)}`
}
