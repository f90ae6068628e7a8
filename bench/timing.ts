/**
 * Measures whether response times reveal accounts: interleaved submissions for a known and for unknown addresses, on
 * one connection. The area under the curve is the probability that a known address takes longer than an unknown one:
 * 0.5 means that one measurement reveals nothing. Exits with 1 if one measure is 0.05 or more away from that.
 *   npm run bench:timing -- [--count 300] [--dsn DSN]
 */

import { mkdtemp } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { root, startLatchkey } from '../test/stage/latchkey.ts'

const { values: options } = parseArgs({
  options: { count: { type: 'string', default: '300' }, dsn: { type: 'string' } },
})
const count = Number(options.count)
const largestDistance = 0.05

const server = await startLatchkey({
  kratos: join(root, 'bench', 'identity', 'kratos.yml'),
  dsn: options.dsn ?? `sqlite://${join(await mkdtemp(join(tmpdir(), 'latchkey-timing-')), 'bench.sqlite')}`,
  env: {
    NODE_ENV: 'production',
    // The limits would end the measurement.
    SECURITY_ATTEMPTS_ENABLED: 'false',
    SECURITY_MESSAGES_ENABLED: 'false',
    SECURITY_ACCOUNT_ENUMERATION_MITIGATE: 'true',
  },
})
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const known = 'known@timing.example'

const measures = {
  'recovery by code': ['recovery', (email: string) => ({ method: 'code', email })],
  'verification by code': ['verification', (email: string) => ({ method: 'code', email })],
  'sign-in by code': ['login', (identifier: string) => ({ method: 'code', identifier })],
  'sign-in with a password': [
    'login',
    (identifier: string) => ({ method: 'password', identifier, password: 'not the password' }),
  ],
} as const

let isEqual = true
try {
  await call('POST', `${server.admin}/admin/identities`, {
    schema_id: 'person',
    traits: { email: known },
    credentials: { password: { config: { password: 'a password of the benchmark' } } },
  })
  for (const [name, [flow, body]] of Object.entries(measures)) {
    const times: { known: number[]; unknown: number[] } = { known: [], unknown: [] }
    for (let i = 0; i < count; i++) {
      for (const kind of i % 2 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)) {
        const address = kind === 'known' ? known : `unknown-${i}@timing.example`
        const { id } = await call('GET', `${server.public}/self-service/${flow}/api`)
        const start = performance.now()
        await call('POST', `${server.public}/self-service/${flow}?flow=${id}`, body(address))
        times[kind].push(performance.now() - start)
      }
    }
    const area = areaUnderCurve(times.known, times.unknown)
    if (Math.abs(area - 0.5) >= largestDistance) isEqual = false
    const [ofKnown, ofUnknown] = [median(times.known), median(times.unknown)].map((ms) => ms.toFixed(1))
    console.log(`${name}: known ${ofKnown} ms, unknown ${ofUnknown} ms, area under the curve ${area.toFixed(3)}`)
  }
} finally {
  await server.stop()
}
process.exit(isEqual ? 0 : 1)

function call(method: string, url: string, body?: object): Promise<{ id: string }> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    const sent = request(url, { method, agent, headers }, (answer) => resolve(json(answer) as Promise<{ id: string }>))
    sent.on('error', reject)
    sent.end(body && JSON.stringify(body))
  })
}

/** The share of pairs in which the first number is larger; equal ones count half (Mann-Whitney). */
function areaUnderCurve(first: number[], second: number[]): number {
  const wins = first.flatMap((a) => second.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)))
  return wins.reduce<number>((sum, one) => sum + one, 0) / wins.length
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
