import Type, { type Static } from 'typebox'
import { courier } from '../../courier/config.ts'
import { hashers, identity, security } from '../../identity/config.ts'
import { selfservice } from '../../selfservice/config.ts'
import { session } from '../../session/config.ts'
import { closed } from './kinds.ts'
import * as kernel from './serve.ts'

/** A Kratos configuration file, whole: each room's part in its place. Extra to Kratos are `saml` and `captcha` methods. */
export const kratosSchema = closed(
  {
    ...kernel.topLevel,
    serve: kernel.serve,
    log: kernel.log,
    tracing: Type.Optional(kernel.tracing),
    secrets: kernel.secrets,
    ciphers: kernel.ciphers,
    cookies: kernel.cookies,
    clients: kernel.clients,
    feature_flags: kernel.featureFlags,
    database: kernel.database,
    oauth2_provider: kernel.oauth2Provider,
    preview: kernel.preview,
    enterprise: Type.Optional(kernel.enterprise),
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

type Raw = Static<typeof kratosSchema>

/** A Kratos configuration with its defaults filled in. Durations are milliseconds, sizes bytes. */
export interface IdentityConfig extends Raw {
  session: Raw['session'] & { earliest_possible_extend: number }
}
