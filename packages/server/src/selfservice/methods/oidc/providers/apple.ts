import { createPrivateKey, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import { isTree } from '../../../../kernel/config/walk.ts'
import type { ProviderConfig } from '../config.ts'
import type { Metadata } from './documents.ts'
import { openid, verifyAppToken } from './openid.ts'
import type { ProviderCall, Vouched } from './provider.ts'

const issuer = 'https://appleid.apple.com'
const secretLifetimeSeconds = 300

const metadata: Metadata = {
  issuer,
  authorizationUrl: `${issuer}/auth/authorize`,
  tokenUrl: `${issuer}/auth/token`,
  keysUrl: `${issuer}/auth/keys`,
  userinfoUrl: undefined,
  algorithms: ['RS256'],
  hasPkce: false,
  clientAuth: 'body',
  namesIssuer: false,
  returnsNonce: true,
}

/** Sign in with Apple: the client secret is a token that is signed anew for each sign-in. */
export const apple = openid({
  check: (config) =>
    privateKeyOf(config) ? undefined : 'an apple_private_key on the curve P-256, in the format PKCS #8 (PEM)',
  metadata: () => metadata,
  // Apple sends the name and the address as a form only.
  parameters: (at): Record<string, string> =>
    at.config.scope.some((one) => one === 'email' || one === 'name') ? { response_mode: 'form_post' } : {},
  clientSecret: signSecret,
  refine: (_at, vouched, query) => withName(vouched, query),
  verifyIdToken: (at, token) => verifyAppToken(at, token, metadata),
  issuerOf: () => issuer,
  // Some devices do not take a nonce, which the token says.
  mayLackNonce: ({ raw_claims: raw = {} }) => raw.nonce_supported === false || raw.nonce_supported === 'false',
})

function signSecret({ ctx, config }: ProviderCall): Promise<string> {
  const key = privateKeyOf(config)
  if (!key) throw new Error('the private key was not checked when it was loaded')
  const now = Math.floor(ctx.clock.now() / 1000)
  return new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: config.apple_private_key_id ?? '' })
    .setIssuer(config.apple_team_id ?? '')
    .setSubject(config.client_id)
    .setAudience(issuer)
    .setIssuedAt(now)
    .setExpirationTime(now + secretLifetimeSeconds)
    .sign(key)
}

function privateKeyOf({ apple_private_key: pem = '' }: ProviderConfig): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined
  } catch {
    return undefined
  }
}

/** Apple says the name at the first sign-in only, beside the code. It is not signed, like everything that people type. */
function withName(vouched: Vouched, query: URLSearchParams): Vouched {
  const { firstName, lastName } = nameIn(query.get('user') ?? '')
  const { claims } = vouched
  const given = claims.given_name || firstName
  const last = claims.last_name || lastName
  const family = claims.family_name || lastName
  return {
    ...vouched,
    claims: {
      ...claims,
      ...(given && { given_name: given }),
      ...(last && { last_name: last }),
      ...(family && { family_name: family }),
    },
  }
}

const longestUser = 4096

function nameIn(text: string): { firstName?: string; lastName?: string } {
  if (text.length > longestUser) return {}
  try {
    const user: unknown = JSON.parse(text)
    const { firstName, lastName } = isTree(user) && isTree(user.name) ? user.name : {}
    return {
      ...(typeof firstName === 'string' && { firstName }),
      ...(typeof lastName === 'string' && { lastName }),
    }
  } catch {
    return {}
  }
}
