import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Context } from '../kernel/context.ts'

const PURPOSE = 'courier'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** What a text is and whose, so that a sealed value cannot be moved to another row or column. */
type Place = `${string}/${'body' | 'html' | 'template_data'}`

/** Encrypts (AES-256-GCM) what may hold a code or link, so that a stolen database signs nobody in. */
export function seal(ctx: Pick<Context, 'keys' | 'random'>, place: Place, text: string): string {
  const nonce = ctx.random.bytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', ctx.keys.derive(PURPOSE), nonce).setAAD(Buffer.from(place))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
}

/** Undoes `seal`. Text that was emptied, or sealed under another key, gives an empty text. */
export function unseal(ctx: Pick<Context, 'keys'>, place: Place, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64')
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return ''
  const decipher = createDecipheriv('aes-256-gcm', ctx.keys.derive(PURPOSE), bytes.subarray(0, NONCE_BYTES))
  decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch {
    return ''
  }
}
