/**
 * The load generator, a separate process so that it can be pinned to a core. Reads loads as JSON from standard input,
 * runs them concurrently, and prints the results as JSON.
 */
import { text } from 'node:stream/consumers'
import { Wire } from './wire.ts'

export interface Load {
  origin: string
  /** Complete HTTP requests; connection i sends request i. `$N` is replaced by a unique number of seven digits. */
  requests: string[]
  /** Whether each connection then sends the other requests in turn. */
  inTurn?: boolean
  connections: number
  warmUpMs: number
  durationMs: number
  /** The pause of a connection between a response and the next request. */
  pauseMs?: number
  expect: number
  /** A second request that belongs to each first one; both together are one operation. */
  followUp?: FollowUp
  /** Whether 503 counts as a correct response too. */
  mayBeBusy?: boolean
}

export interface FollowUp {
  /** A regular expression: what its group matches in the first response replaces `$1`. */
  find: string
  /** `$COOKIES` is replaced by the cookies of the first request and of its response, `$I` by its place in `requests`. */
  request: string
  expect: number
}

export interface Measured {
  perSecond: number
  p50Ms: number
  p99Ms: number
  count: number
  /** The number of responses with an unexpected status, and of broken connections. */
  wrong: number
}

const loads = JSON.parse(await text(process.stdin)) as Load[]
const firstNumber = 1_000_000 + (Date.now() % 8_000_000)
let number = firstNumber
poll()
console.log(JSON.stringify(await Promise.all(loads.map(apply))))
process.exit(0)

/** Never sleeps: on a virtual machine, waking a sleeping core costs time on the core that wakes it, which runs the server. */
function poll(): void {
  setImmediate(poll)
}

async function apply(load: Load): Promise<Measured> {
  const start = performance.now()
  const from = start + load.warmUpMs
  const until = from + load.durationMs
  const latencies: number[] = []
  let wrong = 0
  await Promise.all(
    Array.from({ length: load.connections }, async (_, index) => {
      const { length } = load.requests
      let next = index
      let wire = new Wire(new URL(load.origin))
      for (let sentAt = performance.now(); sentAt < until; sentAt = performance.now()) {
        const request = load.requests[next % length] as string
        const isRight = await operate(wire, { request: withNumber(request), index: next % length }, load).catch(() => {
          wire.close()
          wire = new Wire(new URL(load.origin))
          return false
        })
        const answeredAt = performance.now()
        if (!isRight) wrong += 1
        else if (answeredAt >= from && answeredAt <= until) latencies.push(answeredAt - sentAt)
        if (load.inTurn) next += load.connections
        if (load.pauseMs) await new Promise((resolve) => setTimeout(resolve, load.pauseMs))
      }
      wire.close()
    }),
  )
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  const count = latencies.length
  return { perSecond: (count * 1000) / load.durationMs, p50Ms: at(0.5), p99Ms: at(0.99), count, wrong }
}

/** Sends a request, and its follow-up if there is one. Returns whether the answers are the expected ones. */
async function operate(
  wire: Wire,
  { request, index }: { request: string; index: number },
  { expect, mayBeBusy, followUp }: Load,
): Promise<boolean> {
  const { status, text } = await wire.send(request, { keepsText: followUp !== undefined })
  if (status !== expect) return mayBeBusy === true && status === 503
  if (!followUp) return true
  const found = new RegExp(followUp.find).exec(text)?.[1] ?? ''
  const second = followUp.request
    .replaceAll('$1', found)
    .replaceAll('$I', String(index))
    .replaceAll('$COOKIES', cookiesOf(request, text))
  return (await wire.send(second)).status === followUp.expect
}

function cookiesOf(request: string, response: string): string {
  const sent = /^cookie: (.*)\r$/im.exec(request)?.[1]
  const set = [...response.matchAll(/^set-cookie: ([^;\r]*)/gim)].map(([, cookie]) => cookie)
  return [sent, ...set].filter(Boolean).join('; ')
}

function withNumber(request: string): string {
  if (!request.includes('$N')) return request
  number += 1
  return request.replaceAll('$N', String(number))
}
