import { ApiError } from '@latchkey/api'
import { expect, test } from 'vitest'
import { errorBody } from './error-body.ts'

const denied = ApiError.unauthorized({ reason: 'The secret is wrong.' })

test('Ory’s errors have their own shape', () => {
  expect(JSON.parse(JSON.stringify(errorBody(denied)))).toEqual({ error: denied.content })
})

test('OAuth2’s errors have a code of RFC 6749 or a sentence, and a description that can be empty', () => {
  const invalid = new ApiError(401, { id: 'invalid_client', reason: 'The secret is wrong.' })
  expect(errorBody(invalid, 'oauth2')).toEqual({ error: 'invalid_client', error_description: 'The secret is wrong.' })
  expect(errorBody(denied, 'oauth2')).toEqual({ error: denied.message, error_description: 'The secret is wrong.' })
  const missing = ApiError.notFound()
  expect(errorBody(missing, 'oauth2')).toEqual({ error: missing.message, error_description: '' })
})

test('SCIM’s errors have its schema and their status as a text', () => {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error']
  expect(errorBody(denied, 'scim')).toEqual({ schemas, status: '401', detail: 'The secret is wrong.' })
  expect(errorBody(ApiError.conflict(), 'scim')).toMatchObject({ status: '409', scimType: 'uniqueness' })
})
