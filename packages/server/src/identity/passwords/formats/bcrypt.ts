import { verify } from '@node-rs/bcrypt'
import type { HashFormat } from './format.ts'

/** bcrypt reads no further than this many bytes of a password. */
export const bcryptMaxBytes = 72
export const bcryptMaxCost = 16

/** `$2a$`, `$2b$` and `$2y$`; they differ by name only in today's implementations. */
export const bcrypt: HashFormat = {
  name: 'bcrypt',
  matches: (hash) => /^\$2[abzy]?\$/.test(hash),
  decode(hash) {
    const cost = Number(/^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1] ?? Number.NaN)
    if (Number.isNaN(cost) || cost < 4) return 'malformed'
    if (cost > bcryptMaxCost) return 'too expensive'
    return async (password) => {
      // The comparison is made in any case, so that a long password takes as long as a short one.
      const same = await verify(password.subarray(0, bcryptMaxBytes), hash)
      return same && password.length <= bcryptMaxBytes
    }
  },
}
