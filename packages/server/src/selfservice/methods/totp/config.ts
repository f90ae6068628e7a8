import Type, { type Static } from 'typebox'
import { closed, flag } from '../../../kernel/config/schema-builders.ts'
import { hooks } from '../../hooks.config.ts'

export const config = closed({
  enabled: flag(false),
  config: closed({ issuer: Type.Optional(Type.String()) }, { default: {} }),
})

/** The flows after which hooks can be configured for this method, and which hooks. */
export const after = { login: hooks.afterLogin, settings: hooks.afterCredentialChange }

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    totp: Static<typeof config>
  }
}
