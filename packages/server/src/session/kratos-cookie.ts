import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** Longer values are no cookies of Kratos, and are not worth decoding. */
const maxLength = 4096
const macBytes = 32
const ivBytes = 16

/**
 * The session token in a session cookie that Kratos set (gorilla/securecookie: AES-256-CTR and HMAC-SHA-256 with keys
 * made of `secrets.cookie`), so that people stay signed in when a server moves. Undefined for anything else. How long
 * it is valid, the session says.
 */
export function tokenInKratosCookie(name: string, value: string, secrets: readonly string[]): string | undefined {
  if (value.length > maxLength) return undefined
  const bytes = Buffer.from(value, 'base64url')
  const signed = bytes.subarray(0, Math.max(0, bytes.length - macBytes))
  // The signature is separated by the last bar; before it are a time and the encrypted text in base64.
  const [, body] = /^\d{1,12}\|([\w=-]+)\|$/.exec(signed.toString('latin1')) ?? []
  if (body === undefined) return undefined
  const message = Buffer.concat([Buffer.from(`${name}|`), signed.subarray(0, -1)])
  const mac = bytes.subarray(-macBytes)
  for (const secret of secrets) {
    if (!timingSafeEqual(createHmac('sha256', secret).update(message).digest(), mac)) continue
    return tokenIn(decrypt(Buffer.from(body, 'base64url'), createHash('sha256').update(secret).digest()))
  }
  return undefined
}

function decrypt(bytes: Buffer, key: Buffer): Buffer {
  if (bytes.length <= ivBytes) return Buffer.alloc(0)
  const cipher = createDecipheriv('aes-256-ctr', key, bytes.subarray(0, ivBytes))
  return Buffer.concat([cipher.update(bytes.subarray(ivBytes)), cipher.final()])
}

/** The text is a Go map in the gob format: a string follows the name of its type and its length. */
function tokenIn(gob: Buffer): string | undefined {
  return /session_token.string.{4}(ory_st_\w+)/s.exec(gob.toString('latin1'))?.[1]
}
