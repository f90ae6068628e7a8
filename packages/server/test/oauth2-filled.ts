import type { JsonWebKey } from '@latchkey/api'
import * as jwk from '../src/jwk/store.ts'
import type { Context } from '../src/kernel/context.ts'
import type { Client } from '../src/oauth2/clients/client.ts'
import * as clients from '../src/oauth2/clients/store.ts'
import * as consents from '../src/oauth2/consent/store.ts'
import * as devices from '../src/oauth2/device/store.ts'
import type { Flow } from '../src/oauth2/flow/flow.ts'
import * as logouts from '../src/oauth2/logout/store.ts'
import * as pushed from '../src/oauth2/par/store.ts'
import * as sessions from '../src/oauth2/sessions/store.ts'
import type { Grant } from '../src/oauth2/token/grant.ts'
import * as tokens from '../src/oauth2/token/store.ts'
import * as trusts from '../src/oauth2/trust/store.ts'

export const subject = 'ada'
export const scopes = ['openid']

export const client: Client = {
  id: 'app',
  metadata: { client_name: 'App', owner: 'harbour' },
  secretHash: '',
  rotatedSecretHashes: [],
  registrationTokenHash: null,
  tokenGeneration: 0,
  createdAt: 0,
  updatedAt: 0,
}

export const jsonWebKey: JsonWebKey = { kty: 'oct', kid: 'key', alg: 'HS256', use: 'sig', k: 'c2VjcmV0' }

export const grant: Grant = {
  requestId: 'request',
  clientId: client.id,
  generation: 0,
  issuedAt: 0,
  requestedScope: scopes,
  requestedAudience: [],
  scope: scopes,
  audience: [],
  subject,
}

export const flow: Flow = {
  id: 'flow',
  state: 'consent_accepted',
  clientId: client.id,
  client: {},
  requestUrl: '',
  requestedAt: 0,
  requestedScope: scopes,
  requestedAudience: [],
  oidcContext: {},
  login: { skip: false, sessionId: 'login', csrf: '', subject, authenticatedAt: 0 },
  consent: { id: 'request', skip: false, csrf: '', grantedScope: scopes, remember: true },
}

/** What expires, in a second. */
export function expiringRows(ctx: Context) {
  const expiresAt = ctx.clock.now() + 1000
  const row = { request_id: 'request', client_id: client.id, sealed_data: '', expires_at: expiresAt }
  return {
    code: { ...row, hash: 'code' },
    access: { ...row, hash: 'access' },
    refresh: { ...row, hash: 'refresh', access_hash: 'access' },
    device: {
      hash: 'device',
      userCode: 'ABCD',
      requestId: 'device request',
      clientId: client.id,
      request: { requestedScope: scopes, requestedAudience: [] },
      expiresAt: expiresAt,
    },
    logout: {
      challenge: 'challenge',
      verifier: 'challenge.verifier',
      subject,
      sessionId: 'login',
      requestUrl: '',
      clientId: client.id,
      redirectTo: '',
      requestedAt: 0,
      expiresAt: expiresAt,
    },
    pushed: { hash: 'pushed', client_id: client.id, sealed_data: 'sealed', expires_at: expiresAt },
    session: {
      id: 'login',
      subject,
      authenticatedAt: 0,
      remember: true,
      identityProviderSessionId: undefined,
      expiresAt: expiresAt,
    },
    trust: {
      id: 'trust',
      issuer: 'issuer',
      key_id: 'key',
      subject,
      any_subject: 0,
      scope: '[]',
      created_at: 0,
      expires_at: expiresAt,
    },
  }
}

/** Puts something into every table of OAuth2. */
export async function fillOAuth2(ctx: Context): Promise<void> {
  const rows = expiringRows(ctx)
  await jwk.insertKey(ctx, 'set', { key: jsonWebKey, position: 1 })
  await clients.insertClient(ctx, client)
  await consents.insertConsent(ctx, flow)
  await devices.insertDeviceCode(ctx, rows.device)
  await logouts.insertLogoutRequest(ctx, rows.logout)
  await pushed.insertPushedRequest(ctx, rows.pushed)
  await sessions.saveLoginSession(ctx, rows.session)
  await sessions.saveForcedSubject(ctx, { clientId: client.id, subject, obfuscated: 'hidden' })
  await tokens.insertCode(ctx, rows.code)
  await tokens.insertAccessToken(ctx, rows.access)
  await tokens.insertRefreshToken(ctx, rows.refresh)
  await tokens.spendJwtId(ctx, 'jwt id', rows.code.expires_at)
  await trusts.insertTrust(ctx, rows.trust)
}
