import Type, { type Static } from 'typebox'
import { courier } from '../../courier/index.ts'
import { hashers, identity, security } from '../../identity/index.ts'
import { closedObject } from '../../kernel/config/schema-builders.ts'
import { selfservice } from '../../selfservice/index.ts'
import { session } from '../../session/index.ts'
import * as server from './kratos-serve-schema.ts'

/** The schema of a Kratos configuration file, composed of the rooms' parts. `saml` and `captcha` are extensions. */
export const kratosSchema = closedObject(
  {
    ...server.topLevel,
    serve: server.serve,
    log: server.log,
    tracing: Type.Optional(server.tracing),
    secrets: server.secrets,
    ciphers: server.ciphers,
    cookies: server.cookies,
    clients: server.clients,
    feature_flags: server.featureFlags,
    database: server.database,
    oauth2_provider: server.oauth2Provider,
    preview: server.preview,
    enterprise: Type.Optional(server.enterprise),
    identity,
    hashers,
    security,
    session,
    selfservice,
    courier,
  },
  {
    if: { properties: { ciphers: { properties: { algorithm: { enum: ['aes', 'xchacha20-poly1305'] } } } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { secrets: { required: ['cipher'] } } },
  },
)

/** A Kratos configuration with defaults. Durations are in milliseconds, sizes in bytes. */
export type KratosFile = Static<typeof kratosSchema>

declare module '../../kernel/project-config.ts' {
  interface IdentityConfig {
    /** Development mode: cookies without TLS, low password hashing cost, email in the log. */
    readonly dev: boolean
    /** The URLs of the project; the listeners belong to the installation. */
    readonly serve: {
      readonly public: Pick<KratosFile['serve']['public'], 'base_url' | 'cors'>
      readonly admin: Pick<KratosFile['serve']['admin'], 'base_url'>
    }
    readonly cookies: KratosFile['cookies']
    readonly clients: Pick<KratosFile['clients'], 'web_hook' | 'smtp'>
    readonly feature_flags: KratosFile['feature_flags']
    /** A separate OAuth 2.0 server whose people sign in here. */
    readonly oauth2_provider: KratosFile['oauth2_provider']
  }
  interface ProjectConfig {
    /** CORS of the public API. */
    readonly corsPublic: { readonly enabled: boolean; readonly origins: readonly string[] }
  }
}
