import { verify } from '@node-rs/bcrypt'
import type { HashFormat } from './format.ts'

/** bcrypt ignores the bytes of a password beyond this length. */
export const bcryptMaxBytes = 72
export const bcryptMaxCost = 17

/** `$2a$`, `$2b$`, and `$2y$`, which are equivalent in current implementations. */
export const bcrypt: HashFormat = {
  name: 'bcrypt',
  matches: (hash) => /^\$2[abzy]?\$/.test(hash),
  decode(hash) {
    const cost = Number(/^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1] ?? Number.NaN)
    if (Number.isNaN(cost) || cost < 4) return 'malformed'
    if (cost > bcryptMaxCost) return 'too expensive'
    return async (password) => {
      // Passwords that are too long are compared as well, so that the response time is the same.
      const same = await verify(password.subarray(0, bcryptMaxBytes), hash)
      return same && password.length <= bcryptMaxBytes
    }
  },
}
