import { FetchError } from '../../../kernel/fetch.ts'
import { keysOf } from '../../clients/check.ts'
import type { Client } from '../../clients/client.ts'
import { verifyWithClientKeys } from '../../clients/keys.ts'
import { invalidRequest, invalidRequestObject, invalidRequestUri } from '../../errors.ts'
import { isTyped, readSignedObject } from '../../jar/read.ts'
import { mustSign } from '../../jar/settings.ts'
import { type AuthorizationDraft, clientOf, parameter } from '../request.ts'

const maxBytes = 64 << 10

/**
 * Parameters in a JSON Web Token, sent along or fetched from a registered address. One whose type says so, and one
 * without OpenID Connect, follows RFC 9101 where that is on; others follow OpenID Connect Core 1.0, section 6.
 */
export async function readRequestObject(draft: AuthorizationDraft): Promise<void> {
  const scopes = parameter(draft, 'scope').split(' ').filter(Boolean)
  const object = parameter(draft, 'request')
  const address = parameter(draft, 'request_uri')
  const { enabled } = draft.ctx.config.oauth2.oauth2.request_objects
  const isOpenId = scopes.includes('openid')
  if ((!isOpenId && !enabled) || (object === '' && address === '')) return
  if (object !== '' && address !== '')
    throw invalidRequest('The parameters request and request_uri exclude each other.')
  const client = clientOf(draft)
  if (!keysOf(client.metadata) && !client.metadata.jwks_uri)
    throw invalidRequest('The client has no keys that could verify a request object.')
  const text = object !== '' ? object : await fetchObject(draft, client, address)
  if (enabled && (!isOpenId || isTyped(text) || mustSign(draft.ctx, client)))
    return readSignedObject(draft, client, text)
  await addObject(draft, client, { text, scopes })
}

/** As in Hydra, the parameters of the object replace those of the query; scopes are added up. */
async function addObject(
  draft: AuthorizationDraft,
  client: Client,
  { text, scopes }: { text: string; scopes: readonly string[] },
): Promise<void> {
  const claims = await claimsOf(draft, client, text)
  for (const [name, value] of Object.entries(claims)) draft.parameters.set(name, textOf(value))
  const all = new Set([...parameter(draft, 'scope').split(' ').filter(Boolean), ...scopes])
  draft.parameters.set('scope', [...all].join(' '))
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

async function fetchObject({ ctx }: AuthorizationDraft, { metadata }: Client, address: string): Promise<string> {
  if (!metadata.request_uris?.includes(address))
    throw invalidRequestUri('The request_uri is none of those of the client.')
  try {
    const { status, text } = await ctx.fetch(address, { maxBytes, timeoutMs: 5_000 })
    if (status === 200) return text.trim()
  } catch (error) {
    if (!(error instanceof FetchError)) throw error
  }
  throw invalidRequestUri('The request object could not be fetched from the request_uri.')
}

/** Claims of the token itself are no parameters. */
async function claimsOf(
  { ctx }: AuthorizationDraft,
  client: Client,
  object: string,
): Promise<Readonly<Record<string, unknown>>> {
  const wanted = client.metadata.request_object_signing_alg
  const verified = await verifyWithClientKeys(ctx, client, object, {
    refuse: invalidRequestObject,
    ...(wanted && { algorithms: [wanted] }),
    allowUnsigned: !wanted || wanted === 'none',
  })
  const { exp, nbf } = verified
  const now = ctx.clock.now() / 1000
  if ((typeof exp === 'number' && exp < now) || (typeof nbf === 'number' && nbf > now))
    throw invalidRequestObject('The request object is not valid at this time.')
  return verified
}
