import { createHash } from 'node:crypto'
import { decodeBase64 } from './base64.ts'
import { equal } from './equal.ts'
import type { HashFormat } from './format.ts'
import { decodeTemplate, fillTemplate } from './template.ts'

/** `$md5$<digest>`, or `$md5$pf=<base64 of the salting format>$<salt>$<digest>`. */
export const md5: HashFormat = {
  name: 'md5',
  matches: (hash) => hash.startsWith('$md5$'),
  decode(hash) {
    const parts = hash.split('$')
    if (parts.length !== 3 && parts.length !== 5) return 'malformed'
    const salted = parts.length === 5
    const template = salted ? decodeTemplate(parts[2] ?? '', decodeBase64) : Buffer.from('{PASSWORD}')
    const salt = salted ? decodeBase64(parts[3] ?? '') : Buffer.alloc(0)
    const digest = decodeBase64(parts.at(-1) ?? '')
    if (!template || !salt || digest?.length !== 16) return 'malformed'
    return (password) =>
      equal(
        digest,
        createHash('md5')
          .update(fillTemplate(template, salt, password))
          .digest(),
      )
  },
}
