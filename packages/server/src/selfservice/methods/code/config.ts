import Type, { type Static } from 'typebox'
import { duration, flag, integer } from '../../../kernel/config/schema-builders.ts'
import { hooks } from '../../hooks.config.ts'

export const config = Type.Object(
  {
    passwordless_enabled: flag(false),
    mfa_enabled: flag(false),
    enabled: flag(true),
    config: Type.Object({
      lifespan: duration('1h'),
      max_submissions: integer(5, { minimum: 1, maximum: 255 }),
      missing_credential_fallback_enabled: flag(false),
    }),
  },
  {
    not: { properties: { passwordless_enabled: { const: true }, mfa_enabled: { const: true } } },
    expected: 'passwordless_enabled or mfa_enabled, not both',
  },
)

/** The flows with configurable `after` hooks for this method, and the supported hooks. */
export const after = { login: hooks.afterLogin, registration: hooks.afterRegistration }

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    code: Static<typeof config>
  }
}
