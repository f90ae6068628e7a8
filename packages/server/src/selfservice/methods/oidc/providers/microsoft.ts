import { decodeJwt } from 'jose'
import { isUuid } from '../../../../kernel/uuid.ts'
import { type Claims, claimsFrom } from './claims.ts'
import { discover } from './documents.ts'
import { bearer, requestObject } from './http.ts'
import { assuranceOf, invalidToken, verifyIdToken } from './id-token.ts'
import { oauth2 } from './oauth2.ts'
import { missingIdToken, withOpenId } from './openid.ts'
import { textOf } from './person.ts'
import type { ProviderCall, Tokens } from './provider.ts'

const host = 'https://login.microsoftonline.com'
const personUrl = 'https://graph.microsoft.com/v1.0/me'

/** Microsoft Entra ID. */
export const microsoft = oauth2({
  endpoints: ({ config }) => {
    const base = `${host}/${config.microsoft_tenant}/oauth2/v2.0`
    return { authorizationUrl: `${base}/authorize`, tokenUrl: `${base}/token`, clientAuth: 'body', returnsNonce: true }
  },
  scopes: ({ scope }) => withOpenId(scope),
  parameters: (_at, { isForced }): Record<string, string> => (isForced ? { prompt: 'login' } : {}),
  async vouch(at, tokens, { nonce }) {
    if (!tokens.idToken) throw missingIdToken()
    const metadata = await discover(at, issuerOf(at, tokens.idToken))
    const client = at.config.client_id
    const raw = await verifyIdToken(at, tokens.idToken, {
      ...metadata,
      ...{ audiences: [client], client },
      ...(nonce !== undefined && { nonce }),
    })
    const claims = await withSubject(at, tokens, claimsFrom(raw))
    return { claims, tokens, assurance: assuranceOf(raw) }
  },
})

/** The issuer of the tenant that the token names; the signature shows afterwards whether that is true. */
function issuerOf({ config }: ProviderCall, token: string): string {
  const tenant = tenantIn(token)
  if (!isUuid(tenant)) throw invalidToken('its tenant is not an id')
  const { microsoft_tenant: configured = '' } = config
  // The id of a tenant in the configuration admits no other; the domain name of one cannot be compared with an id.
  if (isUuid(configured) && configured.toLowerCase() !== tenant.toLowerCase())
    throw invalidToken('it is of another tenant')
  return `${host}/${tenant}/v2.0`
}

function tenantIn(token: string): string {
  try {
    return textOf(decodeJwt(token).tid)
  } catch {
    throw invalidToken('it cannot be read')
  }
}

async function withSubject(at: ProviderCall, tokens: Tokens, claims: Claims): Promise<Claims> {
  const { subject_source: source } = at.config
  if (source === 'oid') return { ...claims, sub: claims.oid ?? '' }
  if (source === 'userinfo') return claims
  const { id } = await requestObject(at, personUrl, { headers: bearer(tokens) })
  return { ...claims, sub: textOf(id) }
}
