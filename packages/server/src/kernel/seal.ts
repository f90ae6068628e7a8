import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Random } from './random.ts'

const nonceBytes = 12
const tagBytes = 16

/**
 * Encrypts a text (AES-256-GCM) with `place`, such as a row and column, as additional authenticated data: it cannot be
 * decrypted for another place. `key` has 32 bytes. Returns base64url.
 */
export function sealText(random: Random, key: Buffer, place: string, text: string): string {
  const nonce = random.bytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place))
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/**
 * Reverses `sealText` with one of several keys, of which the first is the most probable. Undefined if no key fits, the
 * place is different, or the ciphertext was modified.
 */
export function openText(keys: readonly Buffer[], place: string, sealed: string): string | undefined {
  for (const key of keys) {
    const text = openWith(key, place, sealed)
    if (text !== undefined) return text
  }
  return undefined
}

/**
 * Encrypts a text again with the current key, the first one, if it was encrypted with one of the others. Undefined if it
 * was not.
 */
export function resealText(random: Random, keys: readonly Buffer[], place: string, sealed: string): string | undefined {
  const [current, ...older] = keys
  if (!current || openWith(current, place, sealed) !== undefined) return undefined
  const text = openText(older, place, sealed)
  return text === undefined ? undefined : sealText(random, current, place, text)
}

function openWith(key: Buffer, place: string, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < nonceBytes + tagBytes) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes))
  decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-tagBytes))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}
