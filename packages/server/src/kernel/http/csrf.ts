import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Random } from '../random.ts'
import { type CookieOptions, readCookies, setCookie } from './cookies.ts'

const tokenLength = 32
/** 128 random bits are unguessable also where the other half of a token is a MAC. */
const deviceIdLength = 16
const maxAgeSeconds = 365 * 24 * 60 * 60

export interface CsrfSettings {
  cookieName: string
  cookie: Omit<CookieOptions, 'maxAgeSeconds' | 'nowMs'>
}

/** The cookie name depends on the base URL, so that several installations can share a host name. */
export function csrfCookieName(baseUrl: string): string {
  return `csrf_token_${createHash('sha256').update(baseUrl).digest('hex')}`
}

/**
 * The anti-CSRF token of a request: a random value in a cookie, which forms repeat in masked form. The mask is different
 * each time, to prevent compression attacks (BREACH).
 */
export class Csrf {
  readonly #settings: CsrfSettings
  readonly #random: Random
  readonly #keys: Context['keys']
  readonly #hadCookie: boolean
  readonly #presented: readonly Buffer[]
  #token: Buffer | undefined
  #fresh = false

  constructor(
    settings: CsrfSettings,
    cookieHeader: string | undefined,
    { random, keys }: Pick<Context, 'random' | 'keys'>,
  ) {
    this.#settings = settings
    this.#random = random
    this.#keys = keys
    const values = readCookies(cookieHeader, settings.cookieName)
    this.#hadCookie = values.length > 0
    this.#presented = values.map((value) => Buffer.from(value, 'base64')).filter(({ length }) => length === tokenLength)
    this.#token = this.#presented[0]
  }

  /** Whether the request contained the cookie. */
  get hadCookie(): boolean {
    return this.#hadCookie
  }

  /** The token for a form; generated if the browser has none yet. */
  formToken(): string {
    return mask(this.#ensure(), this.#random)
  }

  /** The token for a form where the browser has one already, else empty. */
  knownFormToken(): string {
    return this.#token ? mask(this.#token, this.#random) : ''
  }

  /** Ensures that the browser has a token. */
  ensure(): void {
    this.#ensure()
  }

  /**
   * Replaces the token and returns the new form token. Forms with the old token are rejected from then on. A token
   * generated in this request is kept, because forms of this response use it. With the id of an identity that has
   * signed in, the browser is recognized as a device of the identity later (`deviceOf`).
   */
  rotate(identityId?: string): string {
    if (!this.#fresh) {
      this.#token = this.#newToken(identityId)
      this.#fresh = true
    }
    return this.formToken()
  }

  /** An id of the browser, if the identity has signed in with it since the token was last replaced. */
  deviceOf(identityId: string): string | undefined {
    for (const token of this.#presented) {
      const id = token.subarray(0, deviceIdLength)
      const proof = token.subarray(deviceIdLength)
      if (this.#deviceProofs(id, identityId).some((one) => timingSafeEqual(one, proof))) return id.toString('base64url')
    }
    return undefined
  }

  /** Whether a form token matches one of the browser's cookies; that one is used for the forms of the response. */
  accepts(formToken: unknown): boolean {
    if (!this.#token || this.#fresh || typeof formToken !== 'string') return false
    const sent = unmask(formToken)
    const own = sent && this.#presented.find((token) => timingSafeEqual(sent, token))
    if (own) this.#token = own
    return own !== undefined
  }

  /** Whether two form tokens belong to the same cookie. */
  static same(left: string, right: string): boolean {
    const a = unmask(left)
    const b = unmask(right)
    return a !== undefined && b !== undefined && timingSafeEqual(a, b)
  }

  /** The Set-Cookie headers to send: one if the token is new. */
  cookies(): string[] {
    if (!this.#fresh || !this.#token) return []
    const { cookieName, cookie } = this.#settings
    return [setCookie(cookieName, this.#token.toString('base64'), { ...cookie, maxAgeSeconds })]
  }

  #ensure(): Buffer {
    if (!this.#token) {
      this.#token = this.#newToken()
      this.#fresh = true
    }
    return this.#token
  }

  /** Random bytes; with an identity, half of them are a MAC over the others and the identity. */
  #newToken(identityId?: string): Buffer {
    if (!identityId) return this.#random.bytes(tokenLength)
    const id = this.#random.bytes(deviceIdLength)
    return Buffer.concat([id, ...this.#deviceProofs(id, identityId).slice(0, 1)])
  }

  #deviceProofs(id: Buffer, identityId: string): Buffer[] {
    const macs = this.#keys.macs('device', `${id.toString('base64url')} ${identityId}`)
    return macs.map((mac) => Buffer.from(mac, 'base64url').subarray(0, tokenLength - deviceIdLength))
  }
}

function mask(token: Buffer, random: Random): string {
  const masked = Buffer.allocUnsafe(tokenLength * 2)
  random.bytes(tokenLength).copy(masked)
  for (let i = 0; i < tokenLength; i++) masked.writeUInt8(token.readUInt8(i) ^ masked.readUInt8(i), tokenLength + i)
  return masked.toString('base64')
}

function unmask(formToken: string): Buffer | undefined {
  const bytes = Buffer.from(formToken, 'base64')
  if (bytes.length === tokenLength) return bytes
  if (bytes.length !== tokenLength * 2) return undefined
  const token = Buffer.allocUnsafe(tokenLength)
  for (let i = 0; i < tokenLength; i++) token.writeUInt8(bytes.readUInt8(i) ^ bytes.readUInt8(tokenLength + i), i)
  return token
}
