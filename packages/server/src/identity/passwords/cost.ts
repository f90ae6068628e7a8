import type { Random } from '../../kernel/random.ts'
import { maxMemoryKib, maxMemoryPassesKib } from './formats/argon2.ts'
import { bcryptMaxCost } from './formats/bcrypt.ts'

/** The `hashers` part of the identity configuration, named as in Kratos; `memory` is in bytes. */
export interface HashersConfig {
  algorithm: 'bcrypt' | 'argon2'
  bcrypt: { cost: number }
  argon2: { memory: number; iterations: number; parallelism: number; salt_length: number; key_length: number }
}

/** Nothing longer is hashed or compared. */
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

/** What hashing needs of the context. In development mode bcrypt's cost may be lower than 12. */
export interface HashingContext {
  readonly config: { readonly identity: { readonly hashers: HashersConfig; readonly dev: boolean } }
  readonly random: Pick<Random, 'bytes'>
}

/**
 * The parameters to hash with: as configured, but within what a comparison affords, and outside development mode
 * with a bcrypt cost of at least 12, as with Kratos.
 */
export function hashingCost({ config }: Pick<HashingContext, 'config'>): HashingCost {
  const { hashers, dev } = config.identity
  if (hashers.algorithm === 'bcrypt') {
    const least = dev ? 4 : minBcryptCost
    return { algorithm: 'bcrypt', cost: Math.min(bcryptMaxCost, Math.max(least, hashers.bcrypt.cost)) }
  }
  const { memory, salt_length, key_length } = hashers.argon2
  const parallelism = Math.min(255, hashers.argon2.parallelism)
  // Argon2 cannot do with less than eight blocks of one KiB a lane.
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
