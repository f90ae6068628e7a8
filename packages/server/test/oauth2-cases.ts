import * as jwk from '../src/jwk/store.ts'
import type { Context } from '../src/kernel/context.ts'
import * as clean from '../src/oauth2/clean-store.ts'
import * as clients from '../src/oauth2/clients/store.ts'
import * as consents from '../src/oauth2/consent/store.ts'
import * as devices from '../src/oauth2/device/store.ts'
import * as logouts from '../src/oauth2/logout/store.ts'
import * as pushed from '../src/oauth2/par/store.ts'
import * as sessions from '../src/oauth2/sessions/store.ts'
import * as tokens from '../src/oauth2/token/store.ts'
import * as trusts from '../src/oauth2/trust/store.ts'
import { client, expiringRows, flow, grant, jsonWebKey, subject } from './oauth2-filled.ts'

const far = Date.UTC(2100, 0, 1)
const page = { size: 10, after: '' }
const clientId = client.id
const issuer = { issuer: 'issuer', key_id: 'key' }

/** For every function of the stores of OAuth2: what finds or changes something in a filled project. */
export const oauth2Cases = {
  'jwk/store.ts': {
    module: jwk,
    cases: {
      findKeys: (ctx: Context) => jwk.findKeys(ctx, 'set'),
      findKey: (ctx: Context) => jwk.findKey(ctx, 'set', 'key'),
      extentOf: async (ctx: Context) => (await jwk.extentOf(ctx, 'set')).count,
      // It is refused where the position is taken.
      insertKey: async (ctx: Context) =>
        !(await jwk.insertKey(ctx, 'set', { key: { ...jsonWebKey, kid: 'other' }, position: 1 })),
      deleteKeys: (ctx: Context) => jwk.deleteKeys(ctx, 'set'),
      resealKeys: (ctx: Context) => jwk.resealKeys(ctx, { after: '', limit: 10 }),
    },
  },
  'oauth2/clean-store.ts': {
    module: clean,
    cases: { removeExpiredGrants: (ctx: Context) => clean.removeExpiredGrants(ctx, far, 100) },
  },
  'oauth2/clients/store.ts': {
    module: clients,
    cases: {
      findClient: (ctx: Context) => clients.findClient(ctx, clientId),
      insertClient: (ctx: Context) => clients.insertClient(ctx, client),
      updateClient: (ctx: Context) => clients.updateClient(ctx, { ...client, secretHash: 'other' }),
      nextTokenGeneration: (ctx: Context) => clients.nextTokenGeneration(ctx, clientId),
      deleteClientRow: (ctx: Context) => clients.deleteClientRow(ctx, clientId),
      listClientRows: (ctx: Context) => clients.listClientRows(ctx, { name: 'App', owner: 'harbour' }, page),
    },
  },
  'oauth2/consent/store.ts': {
    module: consents,
    cases: {
      insertConsent: (ctx: Context) => consents.insertConsent(ctx, flow),
      wasConsented: (ctx: Context) => consents.wasConsented(ctx, flow),
      findRememberedScopes: (ctx: Context) => consents.findRememberedScopes(ctx, { clientId, subject }),
      listConsents: (ctx: Context) => consents.listConsents(ctx, { subject, loginSessionId: 'login' }, page),
      deleteConsents: (ctx: Context) => consents.deleteConsents(ctx, { subject, clientId }),
      clientsOfSession: (ctx: Context) => consents.clientsOfSession(ctx, { subject, sessionId: 'login' }),
    },
  },
  'oauth2/device/store.ts': {
    module: devices,
    cases: {
      // It is refused where the code is taken.
      insertDeviceCode: async (ctx: Context) => !(await devices.insertDeviceCode(ctx, expiringRows(ctx).device)),
      findByUserCode: (ctx: Context) => devices.findByUserCode(ctx, 'ABCD'),
      findByDeviceCode: (ctx: Context) => devices.findByDeviceCode(ctx, 'device'),
      grantDevice: (ctx: Context) => devices.grantDevice(ctx, 'device request', grant),
      redeemDeviceCode: (ctx: Context) => devices.redeemDeviceCode(ctx, 'device'),
    },
  },
  'oauth2/logout/store.ts': {
    module: logouts,
    cases: {
      insertLogoutRequest: (ctx: Context) => logouts.insertLogoutRequest(ctx, expiringRows(ctx).logout),
      findLogoutRequest: (ctx: Context) => logouts.findLogoutRequest(ctx, 'challenge'),
      decideLogout: (ctx: Context) => logouts.decideLogout(ctx, 'challenge', 'accepted'),
      findAcceptedLogout: async (ctx: Context) => {
        await logouts.decideLogout(ctx, 'challenge', 'accepted')
        return logouts.findAcceptedLogout(ctx, 'challenge.verifier')
      },
    },
  },
  'oauth2/par/store.ts': {
    module: pushed,
    cases: {
      insertPushedRequest: (ctx: Context) => pushed.insertPushedRequest(ctx, expiringRows(ctx).pushed),
      claimPushedRequest: (ctx: Context) => pushed.claimPushedRequest(ctx, { hash: 'pushed', clientId }, far),
      findClaimedRequest: async (ctx: Context) => {
        await pushed.claimPushedRequest(ctx, { hash: 'pushed', clientId }, far)
        return pushed.findClaimedRequest(ctx, { hash: 'pushed', clientId })
      },
      deletePushedRequestsOf: (ctx: Context) => pushed.deletePushedRequestsOf(ctx, clientId),
    },
  },
  'oauth2/sessions/store.ts': {
    module: sessions,
    cases: {
      findRememberedSession: (ctx: Context) => sessions.findRememberedSession(ctx, 'login'),
      findLoginSession: (ctx: Context) => sessions.findLoginSession(ctx, 'login'),
      hasLoginSession: (ctx: Context) => sessions.hasLoginSession(ctx, 'login'),
      saveLoginSession: (ctx: Context) =>
        sessions.saveLoginSession(ctx, { ...expiringRows(ctx).session, authenticatedAt: 1 }),
      deleteLoginSession: (ctx: Context) => sessions.deleteLoginSession(ctx, 'login'),
      deleteSessionsOf: (ctx: Context) => sessions.deleteSessionsOf(ctx, subject),
      saveForcedSubject: (ctx: Context) => sessions.saveForcedSubject(ctx, { clientId, subject, obfuscated: 'other' }),
      isForcedSubject: (ctx: Context) => sessions.isForcedSubject(ctx, clientId, 'hidden'),
    },
  },
  'oauth2/token/store.ts': {
    module: tokens,
    cases: {
      insertCode: (ctx: Context) => tokens.insertCode(ctx, expiringRows(ctx).code),
      findCode: (ctx: Context) => tokens.findCode(ctx, 'code'),
      redeemCode: (ctx: Context) => tokens.redeemCode(ctx, 'code'),
      insertAccessToken: (ctx: Context) => tokens.insertAccessToken(ctx, expiringRows(ctx).access),
      findAccessToken: (ctx: Context) => tokens.findAccessToken(ctx, 'access'),
      insertRefreshToken: (ctx: Context) => tokens.insertRefreshToken(ctx, expiringRows(ctx).refresh),
      findRefreshToken: (ctx: Context) => tokens.findRefreshToken(ctx, 'refresh'),
      redeemRefreshToken: (ctx: Context) => tokens.redeemRefreshToken(ctx, 'refresh', { sealedResponse: null }),
      countReuse: (ctx: Context) => tokens.countReuse(ctx, 'refresh', 2),
      deleteAccessTokensOf: (ctx: Context) => tokens.deleteAccessTokensOf(ctx, 'request'),
      deleteAccessToken: (ctx: Context) => tokens.deleteAccessToken(ctx, 'access'),
      deleteFamily: (ctx: Context) => tokens.deleteFamily(ctx, 'request'),
      deleteFamilies: (ctx: Context) => tokens.deleteFamilies(ctx, ['request']),
      deleteGrantsOfClient: (ctx: Context) => tokens.deleteGrantsOfClient(ctx, clientId),
      // It is refused where the id was used before.
      spendJwtId: async (ctx: Context) => !(await tokens.spendJwtId(ctx, 'jwt id', far)),
    },
  },
  'oauth2/trust/store.ts': {
    module: trusts,
    cases: {
      insertTrust: (ctx: Context) => trusts.insertTrust(ctx, expiringRows(ctx).trust),
      findTrust: (ctx: Context) => trusts.findTrust(ctx, 'trust'),
      listTrust: (ctx: Context) => trusts.listTrust(ctx, { issuer: 'issuer' }, page),
      deleteTrust: (ctx: Context) => trusts.deleteTrust(ctx, 'trust'),
      isKeyTrusted: (ctx: Context) => trusts.isKeyTrusted(ctx, issuer),
      trustFor: (ctx: Context) => trusts.trustFor(ctx, { issuer: 'issuer', subject, kid: 'key' }),
    },
  },
}
