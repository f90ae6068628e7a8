import Type from 'typebox'
import { operation } from '../../contract.ts'
import { FlowError, SuccessfulNativeLogin } from '../flows.ts'

export const getFlowError = operation({
  id: 'getFlowError',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/errors',
  summary: 'Get a self-service error',
  query: Type.Object({ id: Type.String() }),
  returns: { 200: FlowError },
  errors: [403, 404, 500],
})

export const exchangeSessionToken = operation({
  id: 'exchangeSessionToken',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/sessions/token-exchange',
  summary: 'Exchange a code for the session token of a native app',
  query: Type.Object({ init_code: Type.String(), return_to_code: Type.String() }),
  returns: { 200: SuccessfulNativeLogin },
  errors: [403, 404, 410, 422],
})
