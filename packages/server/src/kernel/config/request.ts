import Type from 'typebox'
import { choice, closed, headerValue, taggedUnion, token } from './schema-builders.ts'

const apiKey = closed({
  type: Type.Literal('api_key'),
  config: closed({
    name: token('the name of a header or a cookie'),
    value: headerValue(),
    in: choice(['header', 'cookie']),
  }),
})
const basicAuth = closed({
  type: Type.Literal('basic_auth'),
  config: closed({ user: Type.String(), password: Type.String() }),
})

/** The authentication of an outgoing request (web hook, courier, password migration). */
export const requestAuth = taggedUnion('type', [apiKey, basicAuth])
