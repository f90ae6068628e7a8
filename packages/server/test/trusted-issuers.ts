import { rooms } from '@latchkey/api'
import { jwkRoutes } from '../src/jwk/index.ts'
import { handlers } from '../src/kernel/http/index.ts'
import { trustHandlers } from '../src/oauth2/trust/routes.ts'
import { privateKey, publicKey } from './key-sets.ts'

const {
  trustOAuth2JwtGrantIssuer,
  listTrustedOAuth2JwtGrantIssuers,
  getTrustedOAuth2JwtGrantIssuer,
  deleteTrustedOAuth2JwtGrantIssuer,
} = rooms.oauth2
const operations = {
  trustOAuth2JwtGrantIssuer,
  listTrustedOAuth2JwtGrantIssuers,
  getTrustedOAuth2JwtGrantIssuer,
  deleteTrustedOAuth2JwtGrantIssuer,
}
export const trustRoutes = [
  ...Object.values(handlers(operations, trustHandlers, { body: 'raw', query: 'raw' })),
  ...jwkRoutes,
]

export const trustPath = '/admin/trust/grants/jwt-bearer/issuers'
export const issuer = 'https://issuer.example.org'

/** The key of an issuer. */
export function issuerKey(kid: string, namedCurve: 'P-256' | 'P-384' = 'P-256') {
  const made = privateKey('ec', { namedCurve })
  const names = { kid, alg: namedCurve === 'P-256' ? 'ES256' : 'ES384', use: 'sig' }
  return {
    jwk: { ...publicKey(made), ...names },
    private: { ...made, ...names },
  }
}

export const key = issuerKey('key')
/** Another key with the same ID. */
export const stranger = issuerKey('key')
export const trusted = {
  issuer,
  subject: 'ada',
  scope: ['read', 'photos'],
  jwk: key.jwk,
  expires_at: '2090-01-01T00:00:00Z',
}
