import Type from 'typebox'
import { normalizeIdentifier, readAddress } from '../../kernel/address.ts'
import { choice, closedObject } from '../../kernel/config/schema-builders.ts'
import { type CredentialDefinition, listIn } from './definition.ts'

/** One-time codes sent to an address. The credential is derived from the traits, so it cannot be deleted or imported. */
export const code = {
  type: 'code',
  identifiersFrom: 'traits',
  version: 1,
  trait: {
    schema: closedObject(
      { identifier: Type.Optional(Type.Boolean()), via: Type.Optional(choice(['email', 'sms'])) },
      // Kratos accepts such a schema and then rejects every identity that has the trait.
      {
        if: { properties: { identifier: { const: true } }, required: ['identifier'] },
        // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
        then: { required: ['via'], expected: 'email or sms, since identifier is true' },
      },
    ),
    use(marked, text) {
      if (!marked.identifier) return undefined
      const address = readAddress(text)
      if (address?.via === marked.via) return { identifier: normalizeIdentifier(text), via: address?.via }
      return { expected: marked.via === 'sms' ? 'tel' : 'email' }
    },
  },
  upgradeConfig({ config, identifiers }) {
    const { used_at: _u, address_type: type, ...rest } = config
    const channel = String(type).trim().toLowerCase() === 'sms' ? 'sms' : 'email'
    return { ...rest, addresses: identifiers.filter(Boolean).map((address) => ({ channel, address })) }
  },
  configFromTraits: (addresses) => ({
    addresses: addresses.map(({ via, value }) => ({ channel: via, address: value })),
  }),
  // As in Kratos, codes count as a first factor of every identity if passwordless sign-in is enabled.
  countFirstFactors: (_credential, { code: method }) => Number(method.passwordless_enabled),
  isSecondFactor: (config) => listIn(config, 'addresses').length > 0,
  isEnabledSecondFactor: ({ code: method }) => method.enabled && method.mfa_enabled,
} as const satisfies CredentialDefinition
