import Type from 'typebox'
import { choice, closed } from '../../kernel/config/schema-builders.ts'
import { isAddress, normalizeIdentifier } from '../normalize.ts'
import { type CredentialDefinition, listIn } from './definition.ts'

/** One-time codes sent to an address. The credential is derived from the traits, so it cannot be deleted or imported. */
export const code = {
  type: 'code',
  identifiersFrom: 'traits',
  version: 1,
  trait: {
    schema: closed({ identifier: Type.Optional(Type.Boolean()), via: Type.Optional(choice(['email', 'sms'])) }),
    use(marked, text) {
      if (!marked.identifier) return undefined
      const via = marked.via === 'sms' ? 'sms' : 'email'
      if (!isAddress(via, text)) return { expected: via === 'sms' ? 'tel' : 'email' }
      return { identifier: normalizeIdentifier(text), via }
    },
  },
  configFromTraits: (identifiers) => ({
    addresses: identifiers.map(({ via, value }) => ({ channel: via, address: value })),
  }),
  // As in Kratos, codes count as a first factor of every identity if passwordless sign-in is enabled.
  countFirstFactors: (_credential, { code: method }) => Number(method.passwordless_enabled),
  isSecondFactor: (config) => listIn(config, 'addresses').length > 0,
  isEnabledSecondFactor: ({ code: method }) => method.enabled && method.mfa_enabled,
} as const satisfies CredentialDefinition
