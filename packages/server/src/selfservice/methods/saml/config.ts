import Type, { type Static } from 'typebox'
import { anyObject, closedObject, flag } from '../../../kernel/config/schema-builders.ts'
import { refusedWhenEnabled } from '../../../kernel/config/support.ts'

export const config = refusedWhenEnabled(
  Type.Optional(closedObject({ enabled: flag(false), config: Type.Optional(anyObject()) })),
  'saml',
)

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    saml?: Static<typeof config>
  }
}
