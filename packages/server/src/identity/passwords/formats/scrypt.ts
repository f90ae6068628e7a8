import { type ScryptOptions, scrypt as scryptCallback } from 'node:crypto'
import { decodeBase64 } from './base64.ts'
import { equal } from './equal.ts'
import { type HashFormat, minDigestBytes } from './format.ts'

const maxMemoryBytes = 1024 ** 3
const maxLanes = 64

/** `$scrypt$ln=<N>,r=<block size>,p=<parallelization>$<salt>$<key>`. As in Ory, `ln` is N, not its logarithm. */
export const scrypt: HashFormat = {
  name: 'scrypt',
  matches: (hash) => hash.startsWith('$scrypt$'),
  decode(hash) {
    const [, cost, blockSize, lanes, saltText, keyText] =
      /^\$scrypt\$ln=(\d{1,10}),r=(\d{1,5}),p=(\d{1,5})\$([^$]*)\$([^$]*)$/.exec(hash) ?? []
    const salt = decodeBase64(saltText ?? '')
    const key = decodeBase64(keyText ?? '')
    if (!salt || !key || key.length < minDigestBytes || key.length > 1024) return 'malformed'
    const parameters = scryptParameters(Number(cost), Number(blockSize), Number(lanes))
    if (typeof parameters === 'string') return parameters
    return async (password) => equal(key, await deriveScrypt(password, salt, key.length, parameters))
  },
}

/** Enforces the bounds of RFC 7914 and our own limits on memory (128 * N * r bytes) and time. */
export function scryptParameters(N: number, r: number, p: number): ScryptOptions | 'malformed' | 'too expensive' {
  if (N < 2 || !Number.isInteger(Math.log2(N)) || r < 1 || p < 1) return 'malformed'
  const bytes = 128 * N * r
  if (bytes > maxMemoryBytes || p > maxLanes || bytes * p > 4 * maxMemoryBytes) return 'too expensive'
  return { N, r, p, maxmem: bytes + 128 * r * (p + 2) + 1024 * 1024 }
}

/** Runs scrypt on a libuv thread. */
export function deriveScrypt(password: Buffer, salt: Buffer, bytes: number, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scryptCallback(password, salt, bytes, options, (error, key) => (error ? reject(error) : resolve(key))),
  )
}
