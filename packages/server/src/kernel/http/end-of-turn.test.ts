import type { ServerResponse } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { endAtEndOfTurn } from './end-of-turn.ts'

test('responses are ended together, in their order, after all requests of the turn were handled', async () => {
  const seen: string[] = []
  const response = (name: string) =>
    ({ end: (body: string) => seen.push(`${name} ${body}`) }) as unknown as ServerResponse
  endAtEndOfTurn(response('first'), 'a')
  await Promise.resolve()
  endAtEndOfTurn(response('second'), 'b')
  expect(seen).toEqual([])
  await setImmediate()
  expect(seen).toEqual(['first a', 'second b'])
  endAtEndOfTurn(response('third'), 'c')
  await setImmediate()
  expect(seen).toEqual(['first a', 'second b', 'third c'])
})
