import { createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto'

/** Keys derived from the installation's secret, one per purpose. */
export interface Keys {
  /** HMAC of a short value such as a code, so that a stolen database does not disclose it. Base64url. */
  mac(purpose: string, value: string): string
  /** An encryption key of 32 bytes for a purpose. */
  derive(purpose: string): Buffer
}

export function keysFrom(secret: Buffer): Keys {
  const derived = new Map<string, Buffer>()
  const derive = (purpose: string): Buffer => {
    const known = derived.get(purpose)
    if (known) return known
    const key = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `latchkey ${purpose}`, 32))
    derived.set(purpose, key)
    return key
  }
  return {
    derive,
    mac: (purpose, value) => createHmac('sha256', derive(purpose)).update(value).digest('base64url'),
  }
}

/** The hash for storing a value of high entropy (a token): SHA-256, base64url. */
export function tokenHash(token: string): string {
  return hash('sha256', token, 'base64url')
}

/** Compares two strings in constant time. */
export function sameText(left: string, right: string): boolean {
  const a = Buffer.from(left)
  const b = Buffer.from(right)
  return a.length === b.length && timingSafeEqual(a, b)
}
