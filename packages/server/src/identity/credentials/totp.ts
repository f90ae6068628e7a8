import { ApiError } from '@latchkey/api'
import Type from 'typebox'
import { closedObject } from '../../kernel/config/schema-builders.ts'
import type { CredentialDefinition } from './definition.ts'

const longestUrl = 2048

/** One-time codes of an authenticator app (RFC 6238). The config is `{ totp_url }`, the otpauth URL with the secret. */
export const totp = {
  type: 'totp',
  identifiersFrom: 'identity',
  version: 0,
  sealed: true,
  trait: {
    schema: closedObject({ account_name: Type.Optional(Type.Boolean()) }),
    use: (marked, text) => (marked.account_name ? { label: text } : undefined),
  },
  isSecondFactor: ({ totp_url: url }) => Boolean(url),
  isEnabledSecondFactor: ({ totp: method }) => method.enabled,
  authenticatorsIn: ({ totp_url: url }) => (typeof url === 'string' ? [url] : []),
  checkConfig({ totp_url: url }, refuse) {
    if (url !== undefined && !isTotpUrl(url)) throw refuse('the totp_url is not an otpauth://totp/ URL with a secret')
  },
  importer: {
    check(_ctx, { totp: given }) {
      if (!isTotpUrl(given?.config?.totp_url))
        throw ApiError.badRequest({ message: 'The totp_url must be an otpauth://totp/ URL with a secret.' })
    },
    // An imported authenticator replaces the existing one.
    prepare:
      (_ctx, { totp: given }) =>
      (credential) => ({
        ...credential,
        config: { totp_url: given?.config?.totp_url },
      }),
  },
  removal: { keepsLastFirstFactor: false, remove: () => undefined },
} as const satisfies CredentialDefinition

function isTotpUrl(url: unknown): boolean {
  if (typeof url !== 'string' || url.length > longestUrl || !URL.canParse(url)) return false
  const { protocol, host, searchParams } = new URL(url)
  return protocol === 'otpauth:' && host === 'totp' && /^[a-z2-7]+=*$/i.test(searchParams.get('secret') ?? '')
}
