import { form } from '../requests.ts'
import type { Measure } from '../suite.ts'

/** A server with a client of each kind, and tokens of one. */
export interface Stage {
  public: string
  admin: string
  opaque: Credentials
  jwt: Credentials
  tokens: string[]
}

export interface Credentials {
  id: string
  secret: string
}

const connections = 32

export const measures: Measure<Stage>[] = [
  { name: 'client credentials (opaque)', wanted: 40, loads: (stage) => [clientCredentials(stage, stage.opaque)] },
  { name: 'client credentials (JWT)', wanted: 20, loads: (stage) => [clientCredentials(stage, stage.jwt)] },
  { name: 'introspection', wanted: 10, loads: (stage) => [introspection(stage)] },
]

function clientCredentials(stage: Stage, { id, secret }: Credentials) {
  const basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')
  const requests = [
    form('/oauth2/token', { grant_type: 'client_credentials', scope: 'read' }, [`authorization: Basic ${basic}`]),
  ]
  return { origin: stage.public, connections, expect: 200, requests }
}

function introspection(stage: Stage) {
  const requests = stage.tokens.map((token) => form('/admin/oauth2/introspect', { token }))
  return { origin: stage.admin, connections, expect: 200, requests }
}
