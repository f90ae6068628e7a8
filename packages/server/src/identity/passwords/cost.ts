import { type HashersConfig, parseByteSize } from './config.ts'

/** Nothing longer is hashed or compared. */
export const MAX_PASSWORD_BYTES = 1024
const MIN_BCRYPT_COST = 12
const MAX_MEMORY_KIB = 1024 * 1024

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

/** The parameters to hash with. Outside development mode bcrypt's cost is never below 12, as with Kratos. */
export function hashingCost(config: HashersConfig, { development = false }: HashingOptions = {}): HashingCost {
  if (config.algorithm === 'bcrypt') {
    return { algorithm: 'bcrypt', cost: Math.max(development ? 4 : MIN_BCRYPT_COST, config.bcrypt.cost) }
  }
  const { memory, iterations, parallelism, salt_length, key_length } = config.argon2
  const wanted = Math.floor(parseByteSize(memory) / 1024)
  // Argon2 cannot do with less than eight blocks of one KiB a lane.
  const memoryKib = Math.min(MAX_MEMORY_KIB, Math.max(wanted, 8 * parallelism))
  return { algorithm: 'argon2', memoryKib, iterations, parallelism, saltBytes: salt_length, keyBytes: key_length }
}
