import Type, { type Static } from 'typebox'
import { closed, flag, strings } from '../../../kernel/config/schema-builders.ts'
import { refusedWhenEnabled } from '../../../kernel/config/support.ts'
import { requiresConfigWhenEnabled } from '../../method-configs.ts'

export const config = refusedWhenEnabled(
  closed(
    {
      enabled: flag(false),
      config: Type.Optional(
        closed({
          rp: Type.Optional(
            Type.Object({ display_name: Type.String(), id: Type.String(), origins: Type.Optional(strings()) }),
          ),
        }),
      ),
    },
    requiresConfigWhenEnabled,
  ),
  'passkey',
)

export { afterCredentialFlows as after } from '../../hooks.config.ts'

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    passkey: Static<typeof config>
  }
}
