import Type from 'typebox'
import { operation } from '../contract.ts'

const Healthy = Type.Object({ status: Type.String() })

export const isAlive = operation({
  id: 'isAlive',
  tag: 'metadata',
  plane: 'public',
  method: 'GET',
  path: '/health/alive',
  summary: 'Tell that the server accepts requests',
  returns: { 200: Healthy },
  errors: [],
})

export const isReady = operation({
  id: 'isReady',
  tag: 'metadata',
  plane: 'public',
  method: 'GET',
  path: '/health/ready',
  summary: 'Tell whether the server reaches its database and can serve',
  returns: { 200: Healthy, 503: Type.Object({ errors: Type.Record(Type.String(), Type.String()) }) },
  errors: [],
})

export const getVersion = operation({
  id: 'getVersion',
  tag: 'metadata',
  plane: 'public',
  method: 'GET',
  path: '/version',
  summary: 'Tell the version of the server',
  returns: { 200: Type.Object({ version: Type.String() }) },
  errors: [],
})
