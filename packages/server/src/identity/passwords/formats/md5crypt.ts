import { createHash } from 'node:crypto'
import { crypt64 } from './crypt64.ts'
import { equal } from './equal.ts'
import type { HashFormat } from './format.ts'
import { inSlices } from './slices.ts'

const byteOrder = [0, 6, 12, 1, 7, 13, 2, 8, 14, 3, 9, 15, 4, 10, 5, 11]

/** `$md5-crypt$<salt>$<digest>`: Ory's prefix for the `$1$` scheme of FreeBSD. */
export const md5crypt: HashFormat = {
  name: 'md5crypt',
  matches: (hash) => hash.startsWith('$md5-crypt$'),
  decode(hash) {
    const [, salt, digest] = /^\$md5-crypt\$([./0-9A-Za-z]{0,8})\$([./0-9A-Za-z]{22})$/.exec(hash) ?? []
    if (salt === undefined || digest === undefined) return 'malformed'
    return async (password) => equal(Buffer.from(digest), Buffer.from(await md5Crypt(password, Buffer.from(salt))))
  },
}

async function md5Crypt(password: Buffer, salt: Buffer): Promise<string> {
  const inner = md5(password, salt, password)
  const start = [password, Buffer.from('$1$'), salt]
  for (let left = password.length; left > 0; left -= 16) start.push(inner.subarray(0, Math.min(left, 16)))
  for (let bits = password.length; bits > 0; bits >>= 1)
    start.push(bits & 1 ? Buffer.alloc(1) : password.subarray(0, 1))
  let digest = md5(...start)
  await inSlices(1000, (i) => {
    const parts = [i % 2 ? password : digest]
    if (i % 3) parts.push(salt)
    if (i % 7) parts.push(password)
    parts.push(i % 2 ? digest : password)
    digest = md5(...parts)
  })
  return crypt64(digest, byteOrder)
}

function md5(...parts: Buffer[]): Buffer {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
