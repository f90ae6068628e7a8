import { pbkdf2 as pbkdf2Callback } from 'node:crypto'
import { promisify } from 'node:util'
import { decodeBase64 } from './base64.ts'
import { equal } from './equal.ts'
import { type HashFormat, minDigestBytes } from './format.ts'

const derive = promisify(pbkdf2Callback)
const maxIterations = 5_000_000
const maxDigestBytes = 256

/** Ory interprets sha224 and sha384 as SHA-3 functions, but other systems export SHA-2, so both are accepted. */
const digests: Record<string, string[]> = {
  sha1: ['sha1'],
  sha224: ['sha3-224', 'sha224'],
  sha256: ['sha256'],
  sha384: ['sha3-384', 'sha384'],
  sha512: ['sha512'],
}

/** `$pbkdf2-sha256$i=<iterations>,l=<length>$<salt>$<key>`, RFC 8018. */
export const pbkdf2: HashFormat = {
  name: 'pbkdf2',
  matches: (hash) => /^\$pbkdf2-sha[0-9]{1,3}\$/.test(hash),
  decode(hash) {
    const [, name, iterationText, lengthText, saltText, keyText] =
      /^\$pbkdf2-(sha\d{1,3})\$i=(\d{1,10}),l=(\d{1,4})\$([^$]*)\$([^$]*)$/.exec(hash) ?? []
    const salt = decodeBase64(saltText ?? '')
    const key = decodeBase64(keyText ?? '')
    const iterations = Number(iterationText)
    if (!name || !salt || !key || key.length < minDigestBytes) return 'malformed'
    if (iterations < 1 || Number(lengthText) !== key.length) return 'malformed'
    if (iterations > maxIterations || key.length > maxDigestBytes) return 'too expensive'
    return async (password) => {
      let same = false
      for (const digest of digests[name] ?? ['sha256'])
        same = same || equal(key, await derive(password, salt, iterations, key.length, digest))
      return same
    }
  },
}
