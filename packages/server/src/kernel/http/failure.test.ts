import { ApiError } from '@latchkey/api'
import { expect, test } from 'vitest'
import { toApiError } from './failure.ts'

const request = { id: 'r1', method: 'GET', path: '/one' }

test('an error of the catalog stays as it is and is not logged', () => {
  const error = ApiError.notFound()
  const log = { error: () => expect.unreachable() }
  expect(toApiError(log, error, request)).toBe(error)
})

test('anything else is logged with the request’s id, which is all that the answer tells', () => {
  const lines: unknown[][] = []
  const error = toApiError({ error: (...line: unknown[]) => void lines.push(line) }, new Error('secret'), request)
  expect(error.content).toMatchObject({ code: 500, request: 'r1' })
  expect(JSON.stringify(error)).not.toContain('secret')
  expect(lines).toEqual([
    [{ err: new Error('secret'), request_id: 'r1', method: 'GET', path: '/one' }, 'request failed'],
  ])
})
