import { randomBytes } from 'node:crypto'
import { hash as argon2Hash } from '@node-rs/argon2'
import { hash as bcryptHash } from '@node-rs/bcrypt'
import { type HashersConfig, type HashingOptions, hashingCost, MAX_PASSWORD_BYTES } from './cost.ts'
import { ARGON2ID, argon2id } from './formats/argon2.ts'
import { BCRYPT_MAX_BYTES, bcrypt } from './formats/bcrypt.ts'
import { limitHashing } from './limiter.ts'

/** Thrown for a password that the configured hash cannot hold whole: answer 4xx (message 4000033 in flows). */
export class PasswordTooLongError extends Error {
  override name = 'PasswordTooLongError'
  readonly maxBytes: number
  readonly actualBytes: number
  constructor(maxBytes: number, actualBytes: number) {
    super(`a password may have at most ${maxBytes} bytes`)
    this.maxBytes = maxBytes
    this.actualBytes = actualBytes
  }
}

/**
 * Hashes a new password as configured: bcrypt (`$2a$`) or Argon2id in PHC format. Throws PasswordTooLongError and
 * HashingBusyError.
 */
export async function hashPassword(password: string, config: HashersConfig, options?: HashingOptions): Promise<string> {
  const bytes = Buffer.from(password)
  const maxBytes = maxPasswordBytes(config)
  if (bytes.length > maxBytes) throw new PasswordTooLongError(maxBytes, bytes.length)
  const cost = hashingCost(config, options)
  return limitHashing(() => {
    if (cost.algorithm === 'bcrypt') return bcryptHash(bytes, { cost: cost.cost, version: '2a' })
    return argon2Hash(bytes, {
      algorithm: ARGON2ID,
      memoryCost: cost.memoryKib,
      timeCost: cost.iterations,
      parallelism: cost.parallelism,
      outputLen: cost.keyBytes,
      salt: randomBytes(cost.saltBytes),
    })
  })
}

/** The longest password, in bytes, that the configured hash takes in whole. */
export function maxPasswordBytes(config: HashersConfig): number {
  return config.algorithm === 'bcrypt' ? BCRYPT_MAX_BYTES : MAX_PASSWORD_BYTES
}

/** Whether a hash should be replaced once its password is known: it is of another algorithm (its cost does not count). */
export function needsRehash(hash: string, config: HashersConfig): boolean {
  return !(config.algorithm === 'bcrypt' ? bcrypt : argon2id).matches(hash)
}
