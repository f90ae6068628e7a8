import Type, { type Static } from 'typebox'
import { closedObject, flag } from '../../../kernel/config/schema-builders.ts'
import { hooks } from '../../hooks.config.ts'

export const config = closedObject({
  enabled: flag(false),
  config: closedObject({ issuer: Type.Optional(Type.String()) }, { default: {} }),
})

/** The flows after which hooks can be configured for this method, and which hooks. */
export const after = { login: hooks.afterLogin, settings: hooks.afterAuthenticatorChange }

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    totp: Static<typeof config>
  }
}
