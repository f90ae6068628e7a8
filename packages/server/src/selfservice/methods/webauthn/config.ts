import Type, { type Static } from 'typebox'
import { closedObject, flag, uri } from '../../../kernel/config/schema-builders.ts'
import { refusedWhenEnabled } from '../../../kernel/config/support.ts'
import { requiresConfigWhenEnabled } from '../../method-configs.ts'

export const config = refusedWhenEnabled(
  closedObject(
    {
      enabled: flag(false),
      config: Type.Optional(
        closedObject({
          passwordless: Type.Optional(Type.Boolean()),
          rp: Type.Optional(
            Type.Object(
              {
                display_name: Type.String(),
                id: Type.String(),
                origin: Type.Optional(uri()),
                origins: Type.Optional(Type.Array(uri())),
                icon: Type.Optional(uri()),
              },
              { not: { required: ['origin', 'origins'] }, expected: 'origin or origins, not both' },
            ),
          ),
        }),
      ),
    },
    requiresConfigWhenEnabled,
  ),
  'webauthn',
)

export { afterCredentialFlows as after } from '../../hooks.config.ts'

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    webauthn: Static<typeof config>
  }
}
