import Type from 'typebox'
import { choice, closedObject, headerValue, taggedUnion, token } from './schema-builders.ts'

const apiKey = closedObject({
  type: Type.Literal('api_key'),
  config: closedObject({
    name: token('the name of a header or a cookie'),
    value: headerValue(),
    in: choice(['header', 'cookie']),
  }),
})
const basicAuth = closedObject({
  type: Type.Literal('basic_auth'),
  config: closedObject({ user: Type.String(), password: Type.String() }),
})

/** The authentication of an outgoing request (web hook, courier, password migration). */
export const requestAuth = taggedUnion('type', [apiKey, basicAuth])
