import { ApiError } from '@latchkey/api'
import { expect, test } from 'vitest'
import { UnavailableError } from '../unavailable.ts'
import { toApiError } from './failure.ts'

const request = { id: 'r1', method: 'GET', path: '/one' }

test('an error of the catalog stays as it is and is not logged', () => {
  const error = ApiError.notFound()
  const log = { error: () => expect.unreachable() }
  expect(toApiError(log, error, request)).toBe(error)
})

test('what cannot be used at present is 503 with Retry-After, and its cause is for the log only', () => {
  const lines: unknown[] = []
  const cause = new Error('connect ECONNREFUSED 10.0.0.5:5432')
  const log = { error: (line: unknown) => void lines.push(line) }
  const error = toApiError(log, new UnavailableError('The database is temporarily unavailable.', { cause }), request)
  expect([error.httpStatus, error.headers]).toEqual([503, { 'retry-after': '1' }])
  expect(error.content).toMatchObject({ code: 503, request: 'r1', reason: 'The database is temporarily unavailable.' })
  expect(JSON.stringify(error)).not.toContain('ECONNREFUSED')
  expect(lines).toMatchObject([{ err: { cause } }])
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
