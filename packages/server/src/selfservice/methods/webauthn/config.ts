import Type, { type Static } from 'typebox'
import { closedObject, flag, uri } from '../../../kernel/config/schema-builders.ts'
import { ignoredKey } from '../../../kernel/config/support.ts'
import { rpWhenEnabled } from '../../ceremonies/config.ts'

export const config = closedObject(
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
              icon: ignoredKey(Type.Optional(uri()), 'browsers show no icon of a relying party'),
            },
            { not: { required: ['origin', 'origins'] }, expected: 'origin or origins, not both' },
          ),
        ),
      }),
    ),
  },
  rpWhenEnabled,
)

export { afterAuthenticatorFlows as after } from '../../hooks.config.ts'

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    webauthn: Static<typeof config>
  }
}
