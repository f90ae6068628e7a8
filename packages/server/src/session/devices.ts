import type { Context } from '../kernel/context.ts'
import { type Call, setCookie } from '../kernel/http/index.ts'
import { deleteDevices, hasDevice, insertDevice } from './device-store.ts'

const cookieName = 'ory_kratos_known_devices'
const tokenBytes = 32
const tokenPattern = /^[\w-]{43}$/
/** The people who share a browser and are known in it; of more, the one who was last is known. */
const mostTokens = 5
/** Browsers keep no cookie longer (RFC 6265bis, section 5.5). */
const longestMs = 400 * 24 * 3_600_000

/** Whether a browser is known for an identity. Apps have no cookies, so that they never are. */
export async function isKnownDevice(ctx: Context, request: Call, identityId: string): Promise<boolean> {
  const hashes = hashesOf(ctx, request, identityId)
  return hashes.length > 0 && hasDevice(ctx, identityId, hashes)
}

/**
 * Makes a browser known for an identity. Its token is always a new one, so that one that somebody has planted is known
 * for nobody. The tokens of other people in the browser stay. Returns the Set-Cookie line.
 */
export async function rememberDevice(ctx: Context, request: Call, identityId: string): Promise<string> {
  const { known_for: knownFor, max_devices: most } = ctx.config.identity.security.new_device_code
  const token = ctx.random.bytes(tokenBytes).toString('base64url')
  const now = ctx.clock.now()
  const lifetime = Math.min(knownFor, longestMs)
  await insertDevice(ctx, { identityId, hash: hashOf(ctx, identityId, token), expiresAt: now + lifetime }, most)
  const { cookies, dev } = ctx.config.identity
  return setCookie(cookieName, [token, ...tokensOf(request)].slice(0, mostTokens).join('.'), {
    ...{ path: cookies.path, domain: cookies.domain, sameSite: 'Lax', secure: cookies.secure ?? !dev },
    ...{ maxAgeSeconds: Math.floor(lifetime / 1000), nowMs: now },
  })
}

/** Makes the devices of an identity unknown, except the one of a request. */
export async function forgetDevices(ctx: Context, identityId: string, except?: Call): Promise<void> {
  await deleteDevices(ctx, identityId, except ? hashesOf(ctx, except, identityId) : [])
}

/** The tokens in the cookies of a browser; what is none is left out. */
function tokensOf(request: Call): string[] {
  const all = request.cookies(cookieName).flatMap((value) => value.split('.', mostTokens))
  return [...new Set(all.filter((token) => tokenPattern.test(token)))].slice(0, 2 * mostTokens)
}

/** Each token has another hash for each identity, so that the table does not tell who shares a browser. */
function hashesOf(ctx: Context, request: Call, identityId: string): string[] {
  return tokensOf(request).flatMap((token) => ctx.keys.macs(purpose, `${identityId} ${token}`))
}

function hashOf(ctx: Context, identityId: string, token: string): string {
  return ctx.keys.mac(purpose, `${identityId} ${token}`)
}

const purpose = 'known device'
