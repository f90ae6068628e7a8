import Type from 'typebox'
import { choice, closed, taggedUnion } from './schema-builders.ts'

const apiKey = closed({
  type: Type.Literal('api_key'),
  config: closed({ name: Type.String(), value: Type.String(), in: choice(['header', 'cookie']) }),
})
const basicAuth = closed({
  type: Type.Literal('basic_auth'),
  config: closed({ user: Type.String(), password: Type.String() }),
})

/** The authentication of an outgoing request (web hook, courier, password migration). */
export const requestAuth = taggedUnion('type', [apiKey, basicAuth])
