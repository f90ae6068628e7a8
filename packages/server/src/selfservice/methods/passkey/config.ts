import Type, { type Static } from 'typebox'
import { choice, closedObject, flag, positiveDuration, strings } from '../../../kernel/config/schema-builders.ts'
import { refusedWhenEnabled } from '../../../kernel/config/support.ts'
import { requiresConfigWhenEnabled } from '../../method-configs.ts'

const attestations = ['none', 'indirect', 'direct', 'enterprise'] as const
const demands = ['required', 'preferred', 'discouraged'] as const
const timeout = positiveDuration()

export const config = refusedWhenEnabled(
  closedObject(
    {
      enabled: flag(false),
      config: Type.Optional(
        closedObject({
          attestation: Type.Optional(closedObject({ preference: choice(attestations, 'none') })),
          authenticator_selection: Type.Optional(
            closedObject({
              attachment: Type.Optional(choice(['platform', 'cross-platform'])),
              user_verification: choice(demands, 'preferred'),
              resident_key: choice(demands, 'required'),
            }),
          ),
          timeouts: Type.Optional(
            closedObject({ registration: Type.Optional(timeout), login: Type.Optional(timeout) }),
          ),
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
