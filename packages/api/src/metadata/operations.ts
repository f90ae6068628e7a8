import Type from 'typebox'
import { type ListenerName, operation } from '../contract.ts'

const HealthStatus = Type.Object({ status: Type.String() }, { title: 'healthStatus' })

const everyKeto: readonly ListenerName[] = ['keto-read', 'keto-write', 'keto-opl']

export const isAlive = operation({
  id: 'isAlive',
  tag: 'metadata',
  plane: 'public',
  listeners: ['kratos-public', 'kratos-admin', 'hydra-public', 'hydra-admin', ...everyKeto],
  method: 'GET',
  path: '/health/alive',
  summary: 'Check whether the server accepts requests (liveness)',
  returns: { 200: HealthStatus },
  errors: [500],
})

export const isReady = operation({
  id: 'isReady',
  tag: 'metadata',
  plane: 'public',
  listeners: ['kratos-public', 'kratos-admin', 'hydra-public', 'hydra-admin', ...everyKeto],
  method: 'GET',
  path: '/health/ready',
  summary: 'Check whether the server can reach its database (readiness)',
  returns: { 200: HealthStatus, 503: Type.Object({ errors: Type.Record(Type.String(), Type.String()) }) },
  errors: [],
})

export const getVersion = operation({
  id: 'getVersion',
  tag: 'metadata',
  plane: 'public',
  listeners: ['kratos-admin', 'hydra-admin', ...everyKeto],
  method: 'GET',
  path: '/version',
  summary: 'Get the version of the server',
  returns: { 200: Type.Object({ version: Type.String() }) },
  errors: [],
})
