import { MAX_MEMORY_KIB, MAX_MEMORY_PASSES_KIB } from './formats/argon2.ts'
import { BCRYPT_MAX_COST } from './formats/bcrypt.ts'

/** The `hashers` part of the identity configuration, named as in Kratos; `memory` is in bytes. */
export interface HashersConfig {
  algorithm: 'bcrypt' | 'argon2'
  bcrypt: { cost: number }
  argon2: { memory: number; iterations: number; parallelism: number; salt_length: number; key_length: number }
}

/** Nothing longer is hashed or compared. */
export const MAX_PASSWORD_BYTES = 1024
const MIN_BCRYPT_COST = 12

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

export interface HashingOptions {
  /** Lets bcrypt's cost be lower than 12, for quick tests. */
  development?: boolean
}

/**
 * The parameters to hash with: as configured, but within what a comparison affords, and outside development mode
 * with a bcrypt cost of at least 12, as with Kratos.
 */
export function hashingCost(config: HashersConfig, { development = false }: HashingOptions = {}): HashingCost {
  if (config.algorithm === 'bcrypt') {
    const least = development ? 4 : MIN_BCRYPT_COST
    return { algorithm: 'bcrypt', cost: Math.min(BCRYPT_MAX_COST, Math.max(least, config.bcrypt.cost)) }
  }
  const { memory, salt_length, key_length } = config.argon2
  const parallelism = Math.min(255, config.argon2.parallelism)
  // Argon2 cannot do with less than eight blocks of one KiB a lane.
  const memoryKib = Math.min(MAX_MEMORY_KIB, Math.max(Math.floor(memory / 1024), 8 * parallelism))
  return {
    algorithm: 'argon2',
    memoryKib,
    iterations: Math.min(config.argon2.iterations, Math.floor(MAX_MEMORY_PASSES_KIB / memoryKib)),
    parallelism,
    saltBytes: Math.min(64, salt_length),
    keyBytes: Math.min(128, key_length),
  }
}
