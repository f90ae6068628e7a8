import { ApiError } from '@latchkey/api'
import { hash as argon2Hash } from '@node-rs/argon2'
import { hash as bcryptHash } from '@node-rs/bcrypt'
import { type HashersConfig, type HashingContext, hashingCost, maxComparedBytes } from './cost.ts'
import { argon2id, argon2idVariant } from './formats/argon2.ts'
import { bcrypt, bcryptMaxBytes } from './formats/bcrypt.ts'
import { limitHashing, type Turn } from './limiter.ts'
import { normalizePassword } from './normalize.ts'

/**
 * Hashes a new password, normalized, as configured: bcrypt (`$2a$`) or Argon2id in PHC format. Throws 400 if the password is too
 * long for the algorithm, and 503 if too many hash operations are waiting.
 */
export async function hashPassword(ctx: HashingContext, password: string, turn?: Turn): Promise<string> {
  const bytes = Buffer.from(normalizePassword(password))
  const maxBytes = maxPasswordBytes(ctx.config.identity.hashers)
  if (bytes.length > maxBytes) throw ApiError.badRequest({ reason: `A password may have at most ${maxBytes} bytes.` })
  const cost = hashingCost(ctx)
  return limitHashing(() => {
    if (cost.algorithm === 'bcrypt') return bcryptHash(bytes, { cost: cost.cost, version: '2a' })
    return argon2Hash(bytes, {
      algorithm: argon2idVariant,
      memoryCost: cost.memoryKib,
      timeCost: cost.iterations,
      parallelism: cost.parallelism,
      outputLen: cost.keyBytes,
      salt: ctx.random.bytes(cost.saltBytes),
    })
  }, turn)
}

/** The maximum password length of the configured algorithm, in bytes. */
export function maxPasswordBytes(config: HashersConfig): number {
  return config.algorithm === 'bcrypt' ? bcryptMaxBytes : maxComparedBytes
}

/** Whether a hash uses another algorithm than configured, and should be replaced at sign-in. Its cost is irrelevant. */
export function needsRehash(hash: string, config: HashersConfig): boolean {
  return !(config.algorithm === 'bcrypt' ? bcrypt : argon2id).matches(hash)
}
