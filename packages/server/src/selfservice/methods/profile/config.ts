import type { Static } from 'typebox'
import { closedObject, flag } from '../../../kernel/config/schema-builders.ts'
import { hooks } from '../../hooks.config.ts'

export const config = closedObject({ enabled: flag(true) })

/** The flows after which hooks can be configured for this method, and which hooks. */
export const after = { settings: hooks.afterProfile }

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    profile: Static<typeof config>
  }
}
