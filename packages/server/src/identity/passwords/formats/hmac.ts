import { createHmac } from 'node:crypto'
import { decodeBase64 } from './base64.ts'
import { equal } from './equal.ts'
import type { HashFormat } from './format.ts'
import { hmacMd4 } from './md4.ts'

/** `$hmac-sha256$<base64 of the hexadecimal digest>$<base64 of the key>`. */
export const hmac: HashFormat = {
  name: 'hmac',
  matches: (hash) => /^\$hmac-(md4|md5|sha1|sha224|sha256|sha384|sha512)\$/.test(hash),
  decode(hash) {
    const [, name = '', digestText = '', keyText, ...rest] = hash.split('$')
    const digest = decodeBase64(digestText)
    const key = keyText === undefined ? undefined : decodeBase64(keyText)
    if (rest.length > 0 || !digest || !key) return 'malformed'
    const algorithm = name.slice('hmac-'.length)
    return (password) => {
      const made = algorithm === 'md4' ? hmacMd4(key, password) : createHmac(algorithm, key).update(password).digest()
      return equal(digest, Buffer.from(made.toString('hex')))
    }
  },
}
