import { ApiError, uiText } from '@latchkey/api'
import ipaddr from 'ipaddr.js'
import { normalizeIdentifier } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { FlowError } from '../flow/flow.ts'
import type { SubmissionContext } from '../method.ts'
import { countAttempts, forgetAttempts, uncountAttempt } from './store.ts'

/**
 * Runs an attempt at proving who one is, unless too many have failed for the account or from the network: then 429, or
 * a message on the form of a browser. It is counted before it is made, so that simultaneous ones are not for free, and
 * the same whether there is such an account or not.
 */
export async function limitAttempts<T>(
  submission: SubmissionContext,
  account: string,
  attempt: () => Promise<T>,
  outcomeOf: (result: T) => 'succeeded' | 'failed' | 'not tried',
): Promise<T> {
  const { ctx, request } = submission
  const { enabled, per_account: perAccount, per_address: perAddress, window } = ctx.config.identity.security.attempts
  if (!enabled) return attempt()
  const accountKey = keyOf(ctx, 'account', normalizeIdentifier(account))
  const network = clientNetwork(request.ip)
  const networkKey = network && keyOf(ctx, 'network', network)
  const counted = await countAttempts(ctx, networkKey ? [accountKey, networkKey] : [accountKey], window)
  const over = counted.find(({ key, count }) => count > (key === accountKey ? perAccount : perAddress))
  if (over) throw tooMany(submission, Math.max(1, Math.ceil((over.resets_at - ctx.clock.now()) / 1000)))
  const takeBack = async () => {
    for (const { key } of counted) await uncountAttempt(ctx, key)
  }
  const result = await attempt().catch(async (error: unknown) => {
    // As when too many passwords wait to be hashed.
    await takeBack()
    throw error
  })
  const outcome = outcomeOf(result)
  // What others failed at from the same network still counts when one succeeds.
  if (outcome !== 'failed') await takeBack()
  if (outcome === 'succeeded') await forgetAttempts(ctx, accountKey)
  return result
}

function keyOf(ctx: Context, kind: string, value: string): string {
  return ctx.keys.mac('attempts', `${kind} ${value}`)
}

/**
 * The network that attempts from an address are counted for: an IPv4 address, or the /64 of an IPv6 one, which is what
 * one subscriber has. None for addresses that are not of the internet: those are proxies whose clients we cannot tell
 * apart, and locking out one would lock out all.
 */
export function clientNetwork(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return undefined
  const parsed = ipaddr.process(address)
  if (parsed.range() !== 'unicast') return undefined
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()}/64`
}

function tooMany({ request, flow }: SubmissionContext, seconds: number): Error {
  const reason = 'There were too many attempts that failed. Please wait a few minutes and try again.'
  if (flow.type === 'api' || request.wantsJson) return ApiError.tooManyRequests(seconds, { reason })
  return new FlowError({ messages: [uiText(4000001, { reason })], keepsForm: flow.state === 'sent_email' })
}
