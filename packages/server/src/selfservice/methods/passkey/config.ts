import Type, { type Static } from 'typebox'
import { choice, closedObject, flag, positiveDuration, uriReference } from '../../../kernel/config/schema-builders.ts'
import { rpWhenEnabled } from '../../ceremonies/config.ts'
import { attestationPreferences, requirements } from '../../ceremonies/relying-party.ts'

const timeout = positiveDuration()

export const config = closedObject(
  {
    enabled: flag(false),
    config: Type.Optional(
      closedObject({
        attestation: Type.Optional(closedObject({ preference: choice(attestationPreferences, 'none') })),
        authenticator_selection: Type.Optional(
          closedObject({
            attachment: Type.Optional(choice(['platform', 'cross-platform'])),
            user_verification: choice(requirements, 'preferred'),
            resident_key: choice(requirements, 'required'),
          }),
        ),
        /**
         * A page that browsers are sent to after a sign-in with a password if the account has no passkey, with the
         * address to go on to as `return_to`. It asks the browser to make a passkey without asking the person.
         */
        upgrade_ui_url: Type.Optional(uriReference()),
        timeouts: Type.Optional(closedObject({ registration: Type.Optional(timeout), login: Type.Optional(timeout) })),
        rp: Type.Optional(
          Type.Object({
            display_name: Type.String(),
            id: Type.String(),
            origins: Type.Optional(Type.Array(Type.String())),
          }),
        ),
      }),
    ),
  },
  rpWhenEnabled,
)

export { afterAuthenticatorFlows as after } from '../../hooks.config.ts'

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    passkey: Static<typeof config>
  }
}
