import Type, { type Static } from 'typebox'
import { closed, flag, loose } from '../../../kernel/config/schema-builders.ts'
import { refusedWhenEnabled } from '../../../kernel/config/support.ts'

export const config = refusedWhenEnabled(
  Type.Optional(closed({ enabled: flag(false), config: Type.Optional(loose()) })),
  'saml',
)

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    saml?: Static<typeof config>
  }
}
