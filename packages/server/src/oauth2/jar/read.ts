import { headerOf } from '../../jwk/index.ts'
import type { Context } from '../../kernel/context.ts'
import { tokenHash } from '../../kernel/keys.ts'
import { type AuthorizationDraft, verifiersOf } from '../authorize/request.ts'
import type { Client } from '../clients/client.ts'
import { verifyWithClientKeys } from '../clients/keys.ts'
import { invalidRequestObject } from '../errors.ts'
import { requestAlgorithms } from './settings.ts'

/** Longer ones are refused: an object that is good for long can be sent by others for as long. */
const maxLifespanSeconds = 3600
/** Between the clocks of client and server. */
const skewSeconds = 30

/** Whether the type of a JSON Web Token says that it is a request object (RFC 9101, sections 4 and 10.8). */
export function isTyped(object: string): boolean {
  return /^(application\/)?oauth-authz-req\+jwt$/i.test(String(headerOf(object)?.typ ?? ''))
}

/**
 * The parameters are those of the object, and no others (RFC 9101, section 6.3). A flow goes on with the object that it
 * began with, also when its time is over.
 * @throws invalid_request_object
 */
export async function readSignedObject(draft: AuthorizationDraft, client: Client, object: string): Promise<void> {
  const { ctx } = draft
  if (!isTyped(object)) throw invalidRequestObject('The typ of the request object must be oauth-authz-req+jwt.')
  const claims = await verifyWithClientKeys(ctx, client, object, {
    refuse: invalidRequestObject,
    algorithms: requestAlgorithms(ctx, client),
  })
  checkParties(ctx, client, claims)
  const verifiers = verifiersOf(draft)
  if (verifiers.length === 0) checkTimes(ctx, claims)
  draft.parameters = new URLSearchParams([...parametersIn(claims), ...verifiers])
  draft.requestHash = tokenHash(object)
  draft.isSigned = true
}

type Claims = Readonly<Record<string, unknown>>

/** The object is from this client, for this server, and cannot be taken for the client's assertion (section 10.8). */
function checkParties({ config }: Context, client: Client, { client_id, iss, aud, sub }: Claims): void {
  if (client_id !== client.id) throw invalidRequestObject('The client_id of the request object must be that beside it.')
  if (iss !== client.id) throw invalidRequestObject('The iss of the request object must be the client_id.')
  const { issuer } = config.oauth2.urls.self
  if (!(Array.isArray(aud) ? aud : [aud]).includes(issuer))
    throw invalidRequestObject('The aud of the request object must be the issuer of this server.')
  if (sub !== undefined) throw invalidRequestObject('The request object must not have a sub.')
}

function checkTimes({ clock }: Context, { exp, nbf }: Claims): void {
  const now = clock.now() / 1000
  if (typeof exp !== 'number' || exp <= now)
    throw invalidRequestObject('The request object has expired, or never does.')
  if (exp > now + maxLifespanSeconds + skewSeconds)
    throw invalidRequestObject(`The request object must expire within ${maxLifespanSeconds} seconds.`)
  if (nbf !== undefined && (typeof nbf !== 'number' || nbf > now + skewSeconds))
    throw invalidRequestObject('The request object is not valid yet.')
}

/** Claims of the token itself, and what a flow adds, are no parameters. */
const leftOut = new Set(['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'login_verifier', 'consent_verifier'])

function parametersIn(claims: Claims): [name: string, value: string][] {
  if ('request' in claims || 'request_uri' in claims)
    throw invalidRequestObject('The request object must not contain another one.')
  return Object.entries(claims)
    .filter(([name]) => !leftOut.has(name))
    .flatMap(([name, value]) => textsOf(value).map((text): [string, string] => [name, text]))
}

/** A list of texts is a parameter that is given several times (RFC 8707, section 2.1); other values are JSON. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
  return [JSON.stringify(value)]
}
