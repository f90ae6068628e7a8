import {
  CreateVerifiableCredentialRequestBody,
  type VerifiableCredentialPrimingResponse as Priming,
} from '@latchkey/api'
import type { Static } from 'typebox'
import { headerOf, idTokenKeys, signToken, verifyWith } from '../../jwk/index.ts'
import type { Context } from '../../kernel/context.ts'
import { bearerToken, type Call, parseJson, typeChecker } from '../../kernel/http/index.ts'
import { sameText, tokenHash } from '../../kernel/keys.ts'
import { keyInHeader } from '../dpop/key-in-header.ts'
import { dpopToken, requireKeyOfToken } from '../dpop/resource.ts'
import { invalidRequest, requestUnauthorized } from '../errors.ts'
import { requireCertificateOfToken } from '../mtls/binding.ts'
import { seconds } from './claims.ts'
import type { Grant } from './grant.ts'
import { findActiveAccessToken } from './introspect.ts'

/** The scope with which a client gets a nonce together with its tokens. */
const credentialScope = 'userinfo_credential_draft_00'
const format = 'jwt_vc_json'
const nonceSeconds = 3600
const credentialSeconds = 3600

const refuse = (reason: string) => invalidRequest(reason)
const checkBody = typeChecker(CreateVerifiableCredentialRequestBody, { closed: false, refuse })

type Answer = { readonly credential: string } | { readonly priming: Static<typeof Priming> }

/**
 * The credential endpoint of OpenID Connect UserInfo Verifiable Credentials, draft 00: a signed credential with the claims
 * of the person, bound to the key of whoever holds it. Without a proof of that key, a nonce for the proof.
 */
export async function createCredential(ctx: Context, call: Call): Promise<Answer> {
  const bound = dpopToken(call)
  const token = bound ?? bearerToken(call) ?? ''
  const found = await findActiveAccessToken(ctx, token)
  if (!found) throw requestUnauthorized('The access token is missing, has expired, or was revoked.')
  requireCertificateOfToken(ctx, call, found.grant)
  await requireKeyOfToken(ctx, call, { presented: { token, isBound: bound !== undefined }, grant: found.grant })
  const body = (checkBody(parseJson(call.bodyText, refuse)) ?? {}) as CreateVerifiableCredentialRequestBody
  if (body.format !== format) throw invalidRequest(`The format must be ${format}.`)
  const { proof } = body
  if (!proof) return { priming: primingOf(ctx, token) }
  if (proof.proof_type !== 'jwt') throw invalidRequest('The proof_type must be jwt.')
  const holder = await verifyProof(ctx, token, proof.jwt ?? '')
  return { credential: await signCredential(ctx, found.grant, holder) }
}

/** The nonce that comes with the tokens of a client that may ask for credentials. */
export function credentialNonce(ctx: Context, token: { access_token?: string; scope?: string }): object {
  const scopes = (token.scope ?? '').split(' ')
  if (!scopes.includes('openid') || !scopes.includes(credentialScope)) return {}
  return {
    c_nonce_draft_00: newNonce(ctx, token.access_token ?? ''),
    c_nonce_expires_in_draft_00: nonceSeconds,
  }
}

function primingOf(ctx: Context, token: string): Static<typeof Priming> {
  return {
    error: 'missing_proof',
    error_description: 'The proof is missing. Sign the nonce with the key that the credential is to be bound to.',
    format: 'jwt_vc',
    c_nonce: newNonce(ctx, token),
    c_nonce_expires_in: nonceSeconds,
  }
}

/** When it expires, and a MAC that binds it to the access token. Nothing is stored. */
function newNonce(ctx: Context, token: string): string {
  const expiresAt = seconds(ctx.clock.now()) + nonceSeconds
  return `${expiresAt}.${ctx.keys.mac('credential nonce', nonceText(ctx, token, expiresAt))}`
}

function isNonce(ctx: Context, token: string, nonce: string): boolean {
  const [, expiresAt = '', mac = ''] = /^(\d{1,12})\.([\w-]+)$/.exec(nonce) ?? []
  if (Number(expiresAt) < seconds(ctx.clock.now())) return false
  const macs = ctx.keys.macs('credential nonce', nonceText(ctx, token, Number(expiresAt)))
  return macs.some((expected) => sameText(expected, mac))
}

function nonceText({ project }: Context, token: string, expiresAt: number): string {
  return `${project.id}/${tokenHash(token)}/${expiresAt}`
}

/** The public key that is in the header of the proof, after the proof was verified with it. */
async function verifyProof(ctx: Context, token: string, proof: string): Promise<object> {
  const key = keyInHeader(headerOf(proof) ?? {})
  if (!key) throw invalidRequest('The proof is no JWT with a key (jwk) in its header.')
  const verified = await verifyWith(key.verifier, proof)
  if (!verified) throw invalidRequest('The proof is not signed with the key in its header.')
  const { nonce } = verified.claims
  if (typeof nonce !== 'string' || !isNonce(ctx, token, nonce))
    throw invalidRequest('The proof does not contain a nonce that was issued for this access token and is still valid.')
  return key.jwk
}

/** A credential in the VC data model 1.1, bound to a key as did:jwk. */
function signCredential(ctx: Context, { person }: Grant, holder: object): Promise<string> {
  if (!person) throw invalidRequest('The access token belongs to no person.')
  const id = `did:jwk:${Buffer.from(JSON.stringify(holder)).toString('base64url')}`
  const issuedAt = seconds(ctx.clock.now())
  return signToken(ctx, idTokenKeys, {
    iss: ctx.config.oauth2.urls.self.issuer,
    jti: ctx.random.uuid(),
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + credentialSeconds,
    sub: id,
    vc: {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiableCredential', 'UserInfoCredential'],
      credentialSubject: { ...person.claims, sid: person.sessionId, id, sub: person.subject },
    },
  })
}
