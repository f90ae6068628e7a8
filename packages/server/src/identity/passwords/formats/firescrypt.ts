import { createCipheriv } from 'node:crypto'
import { decodeBase64 } from './base64.ts'
import { equal } from './equal.ts'
import { type HashFormat, minDigestBytes } from './format.ts'
import { deriveScrypt, scryptParameters } from './scrypt.ts'

/**
 * The scrypt variant of Firebase:
 * `$firescrypt$ln=<log2 N>,r=<block size>,p=<parallelization>$<salt>$<hash>$<salt separator>$<signer key>`.
 * The hash is the project's signer key, encrypted with the scrypt key (AES-256-CTR, initial counter 0).
 */
export const firescrypt: HashFormat = {
  name: 'firebasescrypt',
  matches: (hash) => hash.startsWith('$firescrypt$'),
  decode(hash) {
    const parts = hash.split('$')
    const [, logCost, blockSize, lanes] = /^ln=(\d{1,2}),r=(\d{1,5}),p=(\d{1,5})$/.exec(parts[2] ?? '') ?? []
    const [salt, digest, separator, signerKey] = parts.slice(3).map(decodeBase64)
    if (parts.length !== 7 || !logCost || !salt || !digest || !separator || !signerKey) return 'malformed'
    if (digest.length < minDigestBytes || digest.length !== signerKey.length) return 'malformed'
    const parameters = scryptParameters(2 ** Number(logCost), Number(blockSize), Number(lanes))
    if (typeof parameters === 'string') return parameters
    return async (password) => {
      const key = await deriveScrypt(password, Buffer.concat([salt, separator]), 32, parameters)
      const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16))
      return equal(digest, Buffer.concat([cipher.update(signerKey), cipher.final()]))
    }
  },
}
