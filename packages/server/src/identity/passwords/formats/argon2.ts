import { hashRaw } from '@node-rs/argon2'
import { decodeBase64 } from './base64.ts'
import { equal } from './equal.ts'
import { type HashFormat, MIN_DIGEST_BYTES } from './format.ts'

export const ARGON2I = 1
export const ARGON2ID = 2
export const MAX_MEMORY_KIB = 1024 * 1024
export const MAX_MEMORY_PASSES_KIB = 4 * MAX_MEMORY_KIB
const SHAPE = /^\$argon2id?\$v=(\d+)\$m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,3})\$([^$]*)\$([^$]*)$/

export const argon2id = argon2Format('argon2id', ARGON2ID)
export const argon2i = argon2Format('argon2i', ARGON2I)

/** RFC 9106, in the PHC string format. Only version 19 (0x13). */
function argon2Format(name: string, algorithm: typeof ARGON2I | typeof ARGON2ID): HashFormat {
  return {
    name,
    matches: (hash) => hash.startsWith(`$${name}$`),
    decode(hash) {
      const [, version, memory, passes, lanes, saltText, digestText] = SHAPE.exec(hash) ?? []
      const salt = decodeBase64(saltText ?? '')
      const digest = decodeBase64(digestText ?? '')
      if (version !== '19' || !salt || !digest || digest.length < MIN_DIGEST_BYTES) return 'malformed'
      const options = { memoryCost: Number(memory), timeCost: Number(passes), parallelism: Number(lanes) }
      if (options.memoryCost > MAX_MEMORY_KIB) return 'too expensive'
      if (options.memoryCost * options.timeCost > MAX_MEMORY_PASSES_KIB || digest.length > 1024) return 'too expensive'
      return async (password) =>
        equal(digest, await hashRaw(password, { ...options, algorithm, salt, outputLen: digest.length }))
    },
  }
}
