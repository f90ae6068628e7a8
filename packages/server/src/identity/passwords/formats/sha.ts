import { createHash } from 'node:crypto'
import { decodeBase64 } from './base64.ts'
import { equal } from './equal.ts'
import type { HashFormat } from './format.ts'
import { decodeTemplate, fillTemplate } from './template.ts'

const digestBytes: Record<string, number> = { sha1: 20, sha256: 32, sha512: 64 }

/** `$sha256$pf=<base64 of the salting format>$<salt>$<digest>`. */
export const sha: HashFormat = {
  name: 'sha',
  matches: (hash) => /^\$sha(1|256|512)\$/.test(hash),
  decode(hash) {
    const [, name = '', format = '', saltText = '', digestText = '', ...rest] = hash.split('$')
    const template = decodeTemplate(format, decodeBase64)
    const salt = decodeBase64(saltText)
    const digest = decodeBase64(digestText)
    if (rest.length > 0 || !template || !salt || !digest || digest.length !== digestBytes[name]) return 'malformed'
    return (password) =>
      equal(
        digest,
        createHash(name)
          .update(fillTemplate(template, salt, password))
          .digest(),
      )
  },
}
