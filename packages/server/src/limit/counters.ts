import type { Context } from '../kernel/context.ts'
import type { Call } from '../kernel/http/index.ts'
import { type CounterRow, increment } from './counter-store.ts'
import { clientNetworks } from './networks.ts'

/** A shared network has many subscribers behind one address, so its limit is this many times larger. */
const sharedFactor = 10

/** One counter of requests within a window. */
export interface Counter {
  readonly key: string
  /** The largest permitted count. */
  readonly limit: number
}

/** The key of a counter: what is counted and for whom. The database contains only a keyed hash of it. */
export function counterKey(ctx: Context, what: string, whom: string): string {
  return ctx.keys.mac('attempts', `${what} ${whom}`)
}

/** The counters of the networks of a client. */
export function networkCounters(ctx: Context, call: Call, what: string, limit: number): Counter[] {
  warnOfUntrustedProxy(ctx, call)
  return clientNetworks(call.ip, call.hidesClient).map(({ network, isShared }) => ({
    key: counterKey(ctx, what, network),
    limit: isShared ? limit * sharedFactor : limit,
  }))
}

/** The result of counting a request. */
export interface Counted {
  /** The seconds until the window of a counter that exceeds its limit is over; 0 if none does. */
  readonly seconds: number
  /** The counter that is nearest to its limit, or furthest beyond it. */
  readonly fullest: { readonly count: number; readonly limit: number }
  /** Whether the key that can be counted once only was counted for the first time. */
  readonly isFirst: boolean
}

/** Increments counters, this request included. `once` is a further key that is redeemed within the same statement. */
export async function countRequest(
  ctx: Context,
  counters: readonly Counter[],
  windowMs: number,
  once?: string,
): Promise<Counted> {
  const keys = counters.map(({ key }) => key)
  const all = await increment(ctx, once ? [...keys, once] : keys, windowMs)
  const rows = all.filter(({ key }) => key !== once)
  const limits = new Map(counters.map(({ key, limit }) => [key, limit]))
  const exceeded = rows.filter((row: CounterRow) => row.count > (limits.get(row.key) ?? 0))
  const until = Math.max(...exceeded.map((row) => row.resets_at))
  const seconds = exceeded.length > 0 ? Math.max(1, Math.ceil((until - ctx.clock.now()) / 1000)) : 0
  const counts = rows.map(({ key, count }) => ({ count, limit: limits.get(key) ?? 1 }))
  const isFirst = all.some(({ key, count }) => key === once && count === 1)
  return { seconds, isFirst, fullest: counts.reduce((one, other) => (share(other) > share(one) ? other : one)) }
}

function share({ count, limit }: { count: number; limit: number }): number {
  return count / limit
}

const warned = new WeakSet<object>()

/** Without TRUSTED_PROXIES, all clients of a proxy share its limit, which the operator should know. */
function warnOfUntrustedProxy(ctx: Context, call: Call): void {
  if (!call.hasUntrustedForwarding || warned.has(ctx.keys)) return
  warned.add(ctx.keys)
  ctx.log.warn(
    { peer: call.ip },
    'X-Forwarded-For is ignored, because TRUSTED_PROXIES does not contain the address of the proxy. All its clients share one rate limit.',
  )
}
