import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { tokenHash } from '../../kernel/keys.ts'
import { invalidClient, invalidRequest, knownJwtId } from '../errors.ts'
import { authenticateByCertificate } from '../mtls/authenticate.ts'
import { spendJwtId } from '../token/store.ts'
import { noSecretJwt } from './check.ts'
import { type Client, isPublic } from './client.ts'
import { verifyWithClientKeys } from './keys.ts'
import { verifySecret } from './secrets.ts'
import { findClient } from './store.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * Authenticates the client of a request (RFC 6749, section 2.3; RFC 7521, section 4.2).
 * @param audiences of assertions that are accepted beside the token endpoint
 * @throws invalid_client
 */
export async function authenticateClient(
  ctx: Context,
  call: Call,
  form: URLSearchParams,
  { audiences = [] }: { audiences?: readonly string[] } = {},
): Promise<Client> {
  const type = form.get('client_assertion_type') ?? ''
  if (type === assertionType) return authenticateAssertion(ctx, form, audiences)
  if (type !== '') throw invalidRequest('The client_assertion_type is not known.')
  const basic = basicCredentials(call)
  const id = basic?.id ?? form.get('client_id') ?? ''
  if (id === '') throw invalidRequest('The client credentials are missing, or malformed.')
  const client = await findClient(ctx, id)
  if (!client) throw invalidClient('The client does not exist, or its credentials are wrong.')
  const method = client.metadata.token_endpoint_auth_method || 'client_secret_basic'
  const hasPost = Boolean(form.get('client_id') && form.get('client_secret'))
  if (hasPost && method !== 'client_secret_post') throw wrongMethod('client_secret_post', method)
  if (basic?.secret && method !== 'client_secret_basic') throw wrongMethod('client_secret_basic', method)
  if (isPublic(client) || (await authenticateByCertificate(ctx, call, client))) return client
  const secret = basic ? basic.secret : (form.get('client_secret') ?? '')
  if (await verifySecret(ctx, client, secret)) return client
  throw invalidClient('The client does not exist, or its credentials are wrong.')
}

function wrongMethod(used: string, wanted: string) {
  return invalidClient(`The client used the authentication method "${used}", but its method is "${wanted}".`)
}

/** The credentials in the Authorization header; each is encoded like a form (RFC 6749, section 2.3.1). */
function basicCredentials(call: Call): { id: string; secret: string } | undefined {
  const text = basicText(call)
  if (text === undefined) return undefined
  const colon = text.indexOf(':')
  if (colon === -1) return undefined
  return { id: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) }
}

/** What the Authorization header has after `Basic`, decoded (RFC 7617, section 2). */
export function basicText(call: Call): string | undefined {
  const [, encoded] = /^basic +([\w+/=-]+)\s*$/i.exec(call.header('authorization') ?? '') ?? []
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw invalidRequest('The client credentials in the Authorization header are not encoded like a form.')
  }
}

/** RFC 7523, section 3, and OpenID Connect Core 1.0, section 9 (private_key_jwt). */
async function authenticateAssertion(
  ctx: Context,
  form: URLSearchParams,
  audiences: readonly string[],
): Promise<Client> {
  const assertion = form.get('client_assertion') ?? ''
  if (assertion === '') throw invalidRequest('The client_assertion is missing.')
  const id = form.get('client_id') || subjectOf(assertion)
  const client = id === undefined ? undefined : await findClient(ctx, id)
  if (!client) throw invalidClient('The client does not exist, or its credentials are wrong.')
  const method = client.metadata.token_endpoint_auth_method
  if (method === 'client_secret_jwt') throw invalidClient(noSecretJwt)
  if (method !== 'private_key_jwt') throw wrongMethod('private_key_jwt', method ?? '')
  const claims = await verifyWithClientKeys(ctx, client, assertion, {
    refuse: invalidClient,
    algorithms: [client.metadata.token_endpoint_auth_signing_alg || 'RS256'],
  })
  await checkAssertion(ctx, client, { claims, audiences })
  return client
}

function subjectOf(assertion: string): string | undefined {
  try {
    const { sub } = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString('utf8'))
    return typeof sub === 'string' ? sub : undefined
  } catch {
    return undefined
  }
}

async function checkAssertion(
  ctx: Context,
  client: Client,
  { claims, audiences }: { claims: Readonly<Record<string, unknown>>; audiences: readonly string[] },
): Promise<void> {
  const { iss, sub, aud, exp, nbf, jti } = claims
  const now = ctx.clock.now() / 1000
  if (typeof exp !== 'number' || exp <= now) throw invalidClient('The client_assertion has expired, or never does.')
  if (typeof nbf === 'number' && nbf > now) throw invalidClient('The client_assertion is not valid yet.')
  if (iss !== client.id || sub !== client.id)
    throw invalidClient('The claims iss and sub of the client_assertion must be the client_id.')
  if (typeof jti !== 'string' || jti === '') throw invalidClient('The client_assertion has no jti.')
  const hash = tokenHash(`client ${client.id} ${jti}`)
  if (!(await spendJwtId(ctx, hash, Math.min(exp * 1000, Number.MAX_SAFE_INTEGER))))
    throw knownJwtId('The client_assertion was used before.')
  const { token_url } = ctx.config.oauth2.webfinger.oidc_discovery
  const given: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (![token_url, ...audiences].some((one) => given.includes(one)))
    throw invalidClient(`The audience of the client_assertion must be ${[token_url, ...audiences].join(' or ')}.`)
}
