import type { Context } from '../../kernel/context.ts'
import { sameText } from '../../kernel/keys.ts'
import { isUuid } from '../../kernel/uuid.ts'

/** How long a browser may take to answer. */
const lifespanMs = 5 * 60_000

/**
 * What the answer to a challenge is for: to bind a session in a request with its cookie, to bind it in a request without
 * a cookie, or to refresh the cookie of the device.
 */
export type ChallengePurpose = 'register' | 'register-without-cookie' | 'refresh'

export interface Challenge {
  readonly purpose: ChallengePurpose
  readonly sessionId: string
  /** In milliseconds since the Unix epoch. */
  readonly issuedAt: number
}

/**
 * A challenge that is not stored: it is a MAC over what it is for. It is used once, because the session keeps the time
 * of the newest one that was answered, and older ones are refused.
 */
export function issueChallenge(ctx: Context, { purpose, sessionId, issuedAt }: Challenge): string {
  const text = `${purpose}.${sessionId}.${issuedAt.toString(36)}`
  return `${text}.${ctx.keys.mac('device-bound challenge', messageOf(ctx, text))}`
}

/** What a challenge is for; undefined if it was not issued here for one of these purposes, or has expired. */
export function readChallenge(
  ctx: Context,
  text: string,
  purposes: readonly ChallengePurpose[],
): Challenge | undefined {
  const [purpose, sessionId = '', time = '', mac = '', ...more] = text.split('.')
  const wanted = purposes.find((one) => one === purpose)
  if (!wanted || !isUuid(sessionId) || !/^[0-9a-z]{1,10}$/.test(time) || more.length > 0) return undefined
  const macs = ctx.keys.macs('device-bound challenge', messageOf(ctx, `${purpose}.${sessionId}.${time}`))
  if (!macs.some((one) => sameText(one, mac))) return undefined
  const issuedAt = Number.parseInt(time, 36)
  if (issuedAt + lifespanMs <= ctx.clock.now()) return undefined
  return { purpose: wanted, sessionId, issuedAt }
}

function messageOf({ project }: Context, text: string): string {
  return `${project.id} ${text}`
}
