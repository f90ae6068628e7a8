import { createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto'

/** What is derived from the installation's secret: one key per purpose. */
export interface Keys {
  /** Keyed hash of a short value such as a code, so that a stolen database does not tell it. Base64url. */
  mac(purpose: string, value: string): string
  /** 32 bytes for a purpose, for encryption. */
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

/** Hash under which a value of high entropy (a token) is stored. Base64url of SHA-256. */
export function tokenHash(token: string): string {
  return hash('sha256', token, 'base64url')
}

/** Compares two texts in a time that does not tell where they differ. */
export function sameText(left: string, right: string): boolean {
  const a = Buffer.from(left)
  const b = Buffer.from(right)
  return a.length === b.length && timingSafeEqual(a, b)
}
