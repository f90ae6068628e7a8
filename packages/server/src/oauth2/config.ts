import Type, { type Static } from 'typebox'
import { choice, closedObject, flag, strings } from '../kernel/config/schema-builders.ts'
import type { cookies } from './config/cookies.ts'
import type { OAuth2Cors } from './config/cors.ts'
import { type OAuth2Webfinger, type webfinger, withFallbackEndpoints } from './config/discovery.ts'
import { limitLifespans, type ttl } from './config/lifespans.ts'
import { type OAuth2Protocol, type oauth2, resolveProtocol } from './config/protocol.ts'
import { type OAuth2Urls, type urls, withFallbackUrls } from './config/urls.ts'

export const oidc = closedObject({
  subject_identifiers: Type.Unsafe<{
    supported_types: ('public' | 'pairwise')[]
    pairwise?: { salt: string }
  }>(
    closedObject(
      {
        supported_types: Type.Array(choice(['public', 'pairwise']), { default: ['public'] }),
        pairwise: Type.Optional(closedObject({ salt: Type.String() })),
      },
      {
        if: { required: ['supported_types'], properties: { supported_types: { contains: { const: 'pairwise' } } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: { required: ['pairwise'] },
      },
    ),
  ),
  dynamic_client_registration: closedObject({
    enabled: flag(false),
    default_scope: strings(['offline_access', 'offline', 'openid']),
  }),
})

export const strategies = closedObject({
  scope: choice(['exact', 'wildcard'], 'wildcard'),
  access_token: choice(['opaque', 'jwt'], 'opaque'),
  jwt: closedObject({ scope_claim: choice(['list', 'string', 'both'], 'list') }),
})

/** A Hydra configuration with its defaults and fallbacks filled in, in Hydra's own shape. Durations are milliseconds. */
export interface OAuth2Config {
  /** Development mode: an issuer without HTTPS, and cookies that need no TLS. */
  readonly dev: boolean
  /** Whether the sign-in of the same project answers login requests itself. */
  readonly isJoined: boolean
  /** Whether login requests are sent to that sign-in, and not to a page elsewhere. */
  readonly asksOwnSignIn: boolean
  readonly urls: OAuth2Urls
  readonly oidc: Static<typeof oidc>
  readonly webfinger: OAuth2Webfinger
  readonly strategies: Static<typeof strategies>
  /** `refresh_token` is -1 if refresh tokens never expire. */
  readonly ttl: Static<typeof ttl>
  readonly oauth2: OAuth2Protocol
  /** The secrets that authenticate cookies, the current one first; empty if the keys of the installation do. */
  readonly secrets: { readonly cookie: readonly string[] }
  readonly serve: {
    readonly cookies: Static<typeof cookies>
    readonly public: { readonly cors: OAuth2Cors }
    readonly admin: { readonly cors: OAuth2Cors }
  }
}

declare module '../kernel/project-config.ts' {
  interface ProjectConfig {
    /** `services.oauth2.config`, named as in a Hydra file. */
    readonly oauth2: OAuth2Config
  }
}

/** The project part of a Hydra file after validation. */
interface ConfiguredOAuth2 extends Omit<OAuth2Config, 'urls' | 'webfinger' | 'oauth2' | 'isJoined' | 'asksOwnSignIn'> {
  readonly urls: Static<typeof urls>
  readonly webfinger: Static<typeof webfinger>
  readonly oauth2: Static<typeof oauth2>
}

/** Where the sign-in of a project begins. */
export const ownLoginPath = '/self-service/login/browser'

/**
 * Fills in what depends on other keys.
 * @param listener where the issuer and the admin API are if nothing is said about them
 * @param isJoined whether the sign-in of the same project answers login requests
 */
export function resolveOAuth2(
  configured: ConfiguredOAuth2,
  listener: { public: string; admin: string },
  isJoined: boolean,
): OAuth2Config {
  const { dev, oidc, strategies, secrets, serve } = configured
  const urls = withFallbackUrls(configured.urls, listener)
  return {
    ...{ dev, isJoined, urls, oidc, strategies },
    asksOwnSignIn: isJoined && urls.login.endsWith(ownLoginPath),
    webfinger: withFallbackEndpoints(configured.webfinger, urls),
    ttl: limitLifespans(configured.ttl),
    oauth2: resolveProtocol(configured.oauth2),
    secrets: { cookie: secrets.cookie },
    serve: {
      cookies: serve.cookies,
      public: { cors: serve.public.cors },
      admin: { cors: serve.admin.cors },
    },
  }
}
