import { createHash } from 'node:crypto'
import type { Context } from '../../kernel/context.ts'
import { type Call, setCookie } from '../../kernel/http/index.ts'
import { sameText } from '../../kernel/keys.ts'
import { openText, sealText } from '../../kernel/seal.ts'
import type { Body } from './body.ts'
import type { Flow } from './flow.ts'

const cookieName = 'ory_kratos_continuity'

/**
 * Stores a submission that requires a recent sign-in until the user has signed in. It is encrypted with a key that is
 * only in the browser's cookie, so that the database contains no plaintext password.
 * Returns the Set-Cookie line.
 */
export function keepSubmission(ctx: Context, flow: Flow, body: Body): string {
  const secret = ctx.random.bytes(secretBytes)
  flow.resumable = sealText(ctx.random, keyOf(secret), flow.id, JSON.stringify(body))
  return continuityCookie(ctx, secret.toString('base64url'))
}

/** Returns the stored submission of this browser, if there is one. */
export function resumableSubmission(client: Call, flow: Flow): Body | undefined {
  const { resumable } = flow
  if (!resumable) return undefined
  for (const cookie of client.cookies(cookieName)) {
    const text = openText([keyOf(Buffer.from(cookie, 'base64url'))], flow.id, resumable)
    if (text !== undefined) return JSON.parse(text)
  }
  return undefined
}

/**
 * The secret of this browser, to which a sign-in at a provider is bound: the one that it has, so that sign-ins in several
 * tabs do not disturb each other, or a new one. Returns its hash and the Set-Cookie line.
 */
export function browserSecret(ctx: Context, client: Call): { secretHash: string; cookie: string } {
  const secret = client.cookies(cookieName).find(isSecret) ?? ctx.random.bytes(secretBytes).toString('base64url')
  return { secretHash: secretHash(ctx, secret), cookie: continuityCookie(ctx, secret) }
}

/** Whether the browser has the secret of this hash. */
export function isSecretOf(ctx: Context, client: Call, hash: string): boolean {
  return client
    .cookies(cookieName)
    .some((secret) => ctx.keys.macs(browserPurpose, secret).some((one) => sameText(one, hash)))
}

const secretBytes = 32
const browserPurpose = 'browser of a sign-in'

function isSecret(cookie: string): boolean {
  return Buffer.from(cookie, 'base64url').length === secretBytes
}

/** Other than the encryption key of a stored submission that is made of the same secret. */
function secretHash(ctx: Context, secret: string): string {
  return ctx.keys.mac(browserPurpose, secret)
}

/** The Set-Cookie header that deletes the continuity cookie. */
export function removedContinuityCookie(ctx: Context): string {
  return continuityCookie(ctx, '')
}

function continuityCookie(ctx: Context, value: string): string {
  return browserCookie(ctx, cookieName, value)
}

/** The Set-Cookie line of a cookie with which a browser is recognized for an hour; an empty one is deleted. */
export function browserCookie(ctx: Context, name: string, value: string): string {
  const { cookies, dev } = ctx.config.identity
  const secure = cookies.secure ?? !dev
  return setCookie(name, value, {
    path: cookies.path,
    domain: cookies.domain,
    secure,
    sameSite: 'Lax',
    maxAgeSeconds: value ? 3600 : 0,
    nowMs: ctx.clock.now(),
  })
}

function keyOf(secret: Buffer): Buffer {
  return createHash('sha256').update(secret).digest()
}
