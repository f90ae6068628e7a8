import { createHash } from 'node:crypto'
import { decodeBase64 } from './base64.ts'
import { equal } from './equal.ts'
import type { HashFormat } from './format.ts'

const algorithms: Record<string, { digest: string; bytes: number }> = {
  SSHA: { digest: 'sha1', bytes: 20 },
  SSHA256: { digest: 'sha256', bytes: 32 },
  SSHA512: { digest: 'sha512', bytes: 64 },
}

/** Salted SHA of LDAP servers: `{SSHA256}` and the base64 of digest and salt (an extension of RFC 2307). */
export const ssha: HashFormat = {
  name: 'ssha',
  matches: (hash) => /^\{SSHA(256|512)?\}/.test(hash),
  decode(hash) {
    const [, name, text] = /^\{(\w+)\}(.*)$/.exec(hash) ?? []
    const algorithm = algorithms[name ?? '']
    const bytes = decodeBase64(text ?? '')
    if (!algorithm || !bytes || bytes.length <= algorithm.bytes) return 'malformed'
    const digest = bytes.subarray(0, algorithm.bytes)
    const salt = bytes.subarray(algorithm.bytes)
    return (password) => equal(digest, createHash(algorithm.digest).update(password).update(salt).digest())
  },
}
