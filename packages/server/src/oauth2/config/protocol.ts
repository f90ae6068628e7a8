import Type, { type Static } from 'typebox'
import { choice, closedObject, duration, flag, integer, strings } from '../../kernel/config/schema-builders.ts'
import { ignoredKey, notSupported } from '../../kernel/config/support.ts'
import { dpop } from './dpop.ts'
import { resolveTokenHook, type TokenHook, tokenHook } from './hook.ts'
import { mtls } from './mtls.ts'
import { requestExtensions } from './requests.ts'
import { resolveUserCode, type UserCode, userCode } from './user-code.ts'

const hashers = closedObject({
  algorithm: choice(['pbkdf2', 'bcrypt'], 'pbkdf2'),
  bcrypt: closedObject({ cost: integer(10, { minimum: 4, maximum: 31 }) }),
  pbkdf2: closedObject({ iterations: integer(25_000, { minimum: 1 }) }),
})

const refreshToken = Type.Object({
  rotation_grace_period: duration('0s'),
  rotation_grace_reuse_count: integer(0, { minimum: 0 }),
})

/** Assertions as grants and as credentials of clients (RFC 7523). */
const jwtGrant = closedObject({
  jti_optional: flag(false),
  iat_optional: flag(false),
  max_ttl: duration('720h'),
  omit_assertion_audience: flag(true),
})

/** How the protocol is spoken: the keys below `oauth2`. */
export const oauth2 = closedObject({
  expose_internal_errors: notSupported(flag(false)),
  session: Type.Object({
    encrypt_at_rest: ignoredKey(flag(true), 'session data is always encrypted before it is stored'),
  }),
  exclude_not_before_claim: flag(false),
  allowed_top_level_claims: strings(),
  mirror_top_level_claims: flag(true),
  preserve_ext_claims: notSupported(flag(false)),
  hashers,
  pkce: closedObject({
    enforced: flag(false),
    enforced_for_public_clients: flag(false),
  }),
  dpop,
  mtls,
  /** Access tokens for whoever acts for somebody (RFC 8693), a feature of our own beside those of Hydra. */
  token_exchange: closedObject({ enabled: flag(false) }),
  client_credentials: closedObject({ default_grant_allowed_scope: flag(false) }),
  grant: closedObject({ refresh_token: refreshToken, jwt: jwtGrant }),
  refresh_token_hook: Type.Optional(tokenHook()),
  token_hook: Type.Optional(tokenHook()),
  device_authorization: closedObject({
    token_polling_interval: duration('5s'),
    user_code: Type.Optional(userCode),
  }),
  ...requestExtensions,
})

type ConfiguredProtocol = Static<typeof oauth2>

/** With hooks in their long form, and user codes with their length and characters. */
export interface OAuth2Protocol
  extends Omit<ConfiguredProtocol, 'refresh_token_hook' | 'token_hook' | 'device_authorization'> {
  readonly refresh_token_hook: TokenHook | undefined
  readonly token_hook: TokenHook | undefined
  readonly device_authorization: { readonly token_polling_interval: number; readonly user_code: UserCode }
}

const fiveMinutesMs = 300_000
const halfAYearMs = 180 * 24 * 3_600_000

export function resolveProtocol(configured: ConfiguredProtocol): OAuth2Protocol {
  const { grant, device_authorization } = configured
  const { rotation_grace_period, rotation_grace_reuse_count } = grant.refresh_token
  // As in Hydra, a refresh token that may be reused without a limit may be reused for five minutes at most.
  const maxGraceMs = rotation_grace_reuse_count > 0 ? halfAYearMs : fiveMinutesMs
  return {
    ...configured,
    grant: {
      ...grant,
      refresh_token: { rotation_grace_reuse_count, rotation_grace_period: Math.min(rotation_grace_period, maxGraceMs) },
    },
    refresh_token_hook: resolveTokenHook(configured.refresh_token_hook),
    token_hook: resolveTokenHook(configured.token_hook),
    device_authorization: {
      token_polling_interval: device_authorization.token_polling_interval,
      user_code: resolveUserCode(device_authorization.user_code),
    },
  }
}
