import Value from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { ErrorGeneric } from './error-models.ts'
import { ApiError } from './errors.ts'

describe('ApiError', () => {
  it('has Ory’s response format, omitting unknown properties', () => {
    expect(JSON.parse(JSON.stringify(ApiError.notFound()))).toEqual({
      error: { code: 404, status: 'Not Found', message: ApiError.notFound().message },
    })
  })

  it('includes id, reason and details', () => {
    const parts = { id: 'x', reason: 'because', details: { field: 'a' }, request: 'r-1', debug: 'd' }
    expect(ApiError.conflict(parts).toJSON().error).toMatchObject({ code: 409, status: 'Conflict', ...parts })
  })

  it('has the URL to continue at next to the error', () => {
    const error = ApiError.locationChangeRequired('https://example.org/next')
    expect(error.toJSON().redirect_browser_to).toBe('https://example.org/next')
    expect(error.toJSON().error.id).toBe('browser_location_change_required')
  })

  it('reports the time since a flow expired in nanoseconds', () => {
    const expiredAt = new Date('2026-01-01T00:00:00Z')
    expect(ApiError.flowExpired({ expiredAt, sinceMs: 1500, useFlowId: 'f' }).toJSON()).toMatchObject({
      expired_at: '2026-01-01T00:00:00.000Z',
      since: 1_500_000_000,
      use_flow_id: 'f',
      error: { code: 410, id: 'self_service_flow_expired' },
    })
  })

  it('has status 403 for an unverified address, although the code in the body is 400', () => {
    const error = ApiError.verifiedAddressRequired([])
    expect([error.httpStatus, error.code, error.toJSON().error.code]).toEqual([403, 400, 400])
  })

  it('matches the error schema', () => {
    for (const error of [ApiError.internal(), ApiError.csrf({ hint: 'h' }), ApiError.sessionAal2Required('/x')]) {
      expect(Value.Check(ErrorGeneric, error.toJSON())).toBe(true)
    }
  })

  it('is a new instance each time', () => {
    expect(ApiError.sessionInactive()).not.toBe(ApiError.sessionInactive())
  })
})
