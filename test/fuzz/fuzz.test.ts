import { api, type OperationSpec } from '@latchkey/api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange, isOAuth2, isPermission } from './exchange.ts'
import { requestsFor } from './requests.ts'
import { send } from './send.ts'
import { type FuzzTarget, startFuzzTarget } from './stage.ts'
import { nulled, type Schema, valid } from './values.ts'

const cases = Number(process.env.LATCHKEY_FUZZ_CASES ?? 10_000)
/** An external server, such as the reference, has only the listeners of Kratos. */
const operations = Object.values<OperationSpec>(api).filter(
  (operation) => !process.env.LATCHKEY_TEST_TARGET || (!isPermission(operation) && !isOAuth2(operation)),
)
const casesEach = Math.ceil(cases / operations.length)
const json = { accept: 'application/json', 'content-type': 'application/json' }

let target: FuzzTarget
beforeAll(async () => {
  target = await startFuzzTarget(process.env.LATCHKEY_FUZZ_DSN)
})
afterAll(() => target?.stop())

const named = operations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const)
const withBody = named.filter(([, { body }]) => body)

describe('input made from the schemas', () => {
  it.each(named)('%s is accepted or rejected, never a server error', async (_, operation) => {
    await target.renew()
    const requests = requestsFor(operation, target.fixtures)
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        await exchange(target, operation, request)
      }),
      { numRuns: casesEach, endOnFailure: false, interruptAfterTimeLimit: 500_000, markInterruptAsFailure: true },
    )
  })
})

describe('null in every place', () => {
  it.each(withBody)('%s', async (_, operation) => {
    const samples = fc.sample(valid(operation.body as Schema), { numRuns: 12, seed: 7 })
    for (const body of samples.flatMap(nulled)) {
      await exchange(target, operation, {
        method: operation.method,
        path: reachable(operation),
        headers: json,
        body: JSON.stringify(body),
      })
    }
  })
})

describe('bodies above every limit', () => {
  const huge = { wide: JSON.stringify({ a: 'x'.repeat(8_000_000) }), long: `[${'1,'.repeat(2_000_000)}1]` }
  const deep = {
    arrays: '['.repeat(100_000) + ']'.repeat(100_000),
    objects: `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
  }
  const bodies = Object.entries({ ...huge, ...deep })
  it.each(withBody)('%s', async (_, operation) => {
    for (const [, body] of bodies) {
      const request = { method: operation.method, path: reachable(operation), headers: json, body }
      const answer = await exchange(target, operation, request)
      // Operations that read text accept any such body.
      if (answer && !isText(operation)) expect(answer.status).toBeGreaterThanOrEqual(400)
    }
  })

  it('do not stop the server', async () => {
    expect((await send(target.server.admin, { method: 'GET', path: '/health/ready', headers: {} })).status).toBe(200)
  })
})

function reachable({ path, query }: OperationSpec): string {
  const filled = path.replace(/\{\w+\}/g, target.fixtures.identity)
  const takesFlow = 'flow' in ((query as Schema | undefined)?.properties ?? {})
  return takesFlow ? `${filled}?flow=${target.fixtures.flows[0]}` : filled
}

function isText({ body }: OperationSpec): boolean {
  return (body as Schema | undefined)?.type === 'string'
}
