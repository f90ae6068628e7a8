import { hashRaw } from '@node-rs/argon2'
import { decodeBase64 } from './base64.ts'
import { equal } from './equal.ts'
import { type HashFormat, minDigestBytes } from './format.ts'

export const argon2iVariant = 1
export const argon2idVariant = 2
export const maxMemoryKib = 1024 * 1024
export const maxMemoryPassesKib = 4 * maxMemoryKib
const phcFormat = /^\$argon2id?\$v=(\d+)\$m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,3})\$([^$]*)\$([^$]*)$/

export const argon2id = argon2Format('argon2id', argon2idVariant)
export const argon2i = argon2Format('argon2i', argon2iVariant)

/** RFC 9106, in the PHC string format. Only version 19 (0x13). */
function argon2Format(name: string, algorithm: typeof argon2iVariant | typeof argon2idVariant): HashFormat {
  return {
    name,
    matches: (hash) => hash.startsWith(`$${name}$`),
    decode(hash) {
      const [, version, memory, passes, lanes, saltText, digestText] = phcFormat.exec(hash) ?? []
      const salt = decodeBase64(saltText ?? '')
      const digest = decodeBase64(digestText ?? '')
      if (version !== '19' || !salt || !digest || digest.length < minDigestBytes) return 'malformed'
      const options = { memoryCost: Number(memory), timeCost: Number(passes), parallelism: Number(lanes) }
      if (options.memoryCost > maxMemoryKib) return 'too expensive'
      if (options.memoryCost * options.timeCost > maxMemoryPassesKib || digest.length > 1024) return 'too expensive'
      return async (password) =>
        equal(digest, await hashRaw(password, { ...options, algorithm, salt, outputLen: digest.length }))
    },
  }
}
