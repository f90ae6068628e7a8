import { api, type OperationSpec } from '@latchkey/api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judge } from './judge.ts'
import { requestsFor } from './requests.ts'
import { type Answer, type Sent, send } from './send.ts'
import { type FuzzTarget, startFuzzTarget } from './stage.ts'
import { nulled, type Schema, valid } from './values.ts'

const cases = Number(process.env.LATCHKEY_FUZZ_CASES ?? 10_000)
const operations: OperationSpec[] = Object.values(api)
const casesEach = Math.ceil(cases / operations.length)
const json = { accept: 'application/json', 'content-type': 'application/json' }

let target: FuzzTarget
beforeAll(async () => {
  target = await startFuzzTarget()
})
afterAll(() => target?.stop())

const named = operations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const)
const withBody = named.filter(([, { body }]) => body)

describe('input made from the schemas', () => {
  it.each(named)('%s is answered or refused, never failed at', async (_, operation) => {
    await target.renew()
    const requests = requestsFor(operation, target.fixtures)
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        await exchange(operation, request)
      }),
      { numRuns: casesEach, endOnFailure: false, interruptAfterTimeLimit: 500_000, markInterruptAsFailure: true },
    )
  })
})

describe('null in every place', () => {
  it.each(withBody)('%s', async (_, operation) => {
    const samples = fc.sample(valid(operation.body as Schema), { numRuns: 12, seed: 7 })
    for (const body of samples.flatMap(nulled)) {
      await exchange(operation, {
        method: operation.method,
        path: reachable(operation),
        headers: json,
        body: JSON.stringify(body),
      })
    }
  })
})

describe('bodies beyond every limit', () => {
  const huge = { wide: JSON.stringify({ a: 'x'.repeat(8_000_000) }), long: `[${'1,'.repeat(2_000_000)}1]` }
  const deep = {
    arrays: '['.repeat(100_000) + ']'.repeat(100_000),
    objects: `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
  }
  const bodies = Object.entries({ ...huge, ...deep })
  it.each(withBody)('%s', async (_, operation) => {
    for (const [, body] of bodies) {
      const request = { method: operation.method, path: reachable(operation), headers: json, body }
      const answer = await exchange(operation, request)
      if (answer) expect(answer.status).toBeGreaterThanOrEqual(400)
    }
  })

  it('leave the server alive', async () => {
    expect((await send(target.server.admin, { method: 'GET', path: '/health/ready', headers: {} })).status).toBe(200)
  })
})

/** Sends one request and judges the answer; a refused write must have changed nothing. */
async function exchange(operation: OperationSpec, request: Sent): Promise<Answer | undefined> {
  const origin = operation.plane === 'admin' ? target.server.admin : target.server.public
  const writes = operation.plane === 'admin' && operation.method !== 'GET'
  const before = writes ? await state() : ''
  const answer = await send(origin, request).catch((error: Error) => {
    // A body that is far too large may be cut off while it is being sent.
    if ((request.body?.length ?? 0) > 1_000_000 && /EPIPE|ECONNRESET|hang up/.test(error.message)) return undefined
    throw new Error(`${error.message}\n${request.method} ${request.path} ${request.body?.slice(0, 600)}`)
  })
  if (!answer) return undefined
  judge(request, answer)
  if (writes && answer.status >= 400) expect(await state(), 'a refused request has written').toBe(before)
  return answer
}

/** What an administrator's write could have changed: how many identities there are, and the fixture. */
async function state(): Promise<string> {
  const get = (path: string) =>
    send(target.server.admin, { method: 'GET', path, headers: { accept: 'application/json' } })
  const counted = await get('/admin/identities?per_page=1&page=0')
  const fixture = await get(`/admin/identities/${target.fixtures.identity}`)
  return `${counted.headers['x-total-count']} ${fixture.text}`
}

function reachable({ path, query }: OperationSpec): string {
  const filled = path.replace(/\{\w+\}/g, target.fixtures.identity)
  const takesFlow = 'flow' in ((query as Schema | undefined)?.properties ?? {})
  return takesFlow ? `${filled}?flow=${target.fixtures.flows[0]}` : filled
}
