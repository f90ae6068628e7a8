import { createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto'

/**
 * Keys derived from the installation's secrets, one per purpose. The first secret is the current one; the others are
 * older and still accepted.
 */
export interface Keys {
  /** HMAC of a short value such as a code, so that a stolen database does not disclose it. Base64url. */
  mac(purpose: string, value: string): string
  /** The HMACs of a value under each secret, the current one first. */
  macs(purpose: string, value: string): string[]
  /** The current encryption key of 32 bytes for a purpose. */
  derive(purpose: string): Buffer
  /** The encryption keys for a purpose from each secret, the current one first. */
  deriveAll(purpose: string): readonly Buffer[]
  /** Identifies the current secret, without disclosing it. */
  readonly id: string
  /** Identifies each secret, the current one first. */
  readonly ids: readonly string[]
}

/** The keys of secrets of at least 16 bytes each, the current one first. */
export function keysFrom(current: Buffer, ...older: Buffer[]): Keys {
  const secrets = [current, ...older]
  const derived = new Map<string, [Buffer, ...Buffer[]]>()
  const deriveAll = (purpose: string): [Buffer, ...Buffer[]] => {
    const known = derived.get(purpose)
    if (known) return known
    const keys = secrets.map((secret) =>
      Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `latchkey ${purpose}`, 32)),
    ) as [Buffer, ...Buffer[]]
    derived.set(purpose, keys)
    return keys
  }
  const macWith = (key: Buffer, value: string) => createHmac('sha256', key).update(value).digest('base64url')
  const ids = deriveAll('id').map((key) => key.toString('base64url').slice(0, 16))
  return {
    derive: (purpose) => deriveAll(purpose)[0],
    deriveAll,
    mac: (purpose, value) => macWith(deriveAll(purpose)[0], value),
    macs: (purpose, value) => deriveAll(purpose).map((key) => macWith(key, value)),
    id: ids[0] as string,
    ids,
  }
}

/** In place of the keys where none are needed; each use is a bug. */
export const noKeys: Keys = {
  mac: refuseUse,
  macs: refuseUse,
  derive: refuseUse,
  deriveAll: refuseUse,
  get id() {
    return refuseUse()
  },
  get ids() {
    return refuseUse()
  },
}

function refuseUse(): never {
  throw new Error('This process was started without the secrets of the installation.')
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
