import type { Random } from '../../kernel/random.ts'
import { maxMemoryKib, maxMemoryPassesKib } from './formats/argon2.ts'
import { bcryptMaxCost } from './formats/bcrypt.ts'

/** The `hashers` part of the identity configuration, named as in Kratos; `memory` is in bytes. */
export interface HashersConfig {
  algorithm: 'bcrypt' | 'argon2'
  bcrypt: { cost: number }
  argon2: { memory: number; iterations: number; parallelism: number; salt_length: number; key_length: number }
}

/** Longer passwords are neither hashed nor compared. */
export const maxComparedBytes = 1024
const minBcryptCost = 12

export type HashingCost =
  | { algorithm: 'bcrypt'; cost: number }
  | {
      algorithm: 'argon2'
      memoryKib: number
      iterations: number
      parallelism: number
      saltBytes: number
      keyBytes: number
    }

/** The part of the context that hashing uses. In development mode, the bcrypt cost may be lower than 12. */
export interface HashingContext {
  readonly config: { readonly identity: { readonly hashers: HashersConfig; readonly dev: boolean } }
  readonly random: Pick<Random, 'bytes'>
}

/**
 * The hashing parameters: as configured, but limited to the maximum cost of a comparison. Outside development mode,
 * the bcrypt cost is at least 12, as in Kratos.
 */
export function hashingCost({ config }: Pick<HashingContext, 'config'>): HashingCost {
  const { hashers, dev } = config.identity
  if (hashers.algorithm === 'bcrypt') {
    const least = dev ? 4 : minBcryptCost
    return { algorithm: 'bcrypt', cost: Math.min(bcryptMaxCost, Math.max(least, hashers.bcrypt.cost)) }
  }
  const { memory, salt_length, key_length } = hashers.argon2
  const parallelism = Math.min(255, hashers.argon2.parallelism)
  // Argon2 requires at least 8 KiB per lane (RFC 9106, section 3.1).
  const memoryKib = Math.min(maxMemoryKib, Math.max(Math.floor(memory / 1024), 8 * parallelism))
  return {
    algorithm: 'argon2',
    memoryKib,
    iterations: Math.min(hashers.argon2.iterations, Math.floor(maxMemoryPassesKib / memoryKib)),
    parallelism,
    saltBytes: Math.min(64, salt_length),
    keyBytes: Math.min(128, key_length),
  }
}
