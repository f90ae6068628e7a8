import { discover } from './documents.ts'
import { openid, verifyAppToken } from './openid.ts'

const issuer = 'https://accounts.google.com'
const keysUrl = 'https://www.googleapis.com/oauth2/v3/certs'
const offline = 'offline_access'

/** Google asks for refresh tokens by a parameter, not by a scope. */
export const google = openid({
  metadata: async (at) => ({ ...(await discover(at, issuer)), returnsNonce: true }),
  scopes: ({ scope }) => scope.filter((one) => one !== offline),
  parameters: (at): Record<string, string> => (at.config.scope.includes(offline) ? { access_type: 'offline' } : {}),
  verifyIdToken: (at, token) => verifyAppToken(at, token, { issuer, keysUrl }),
  issuerOf: () => issuer,
  // Not every SDK of Google takes a nonce.
  mayLackNonce: () => true,
})
