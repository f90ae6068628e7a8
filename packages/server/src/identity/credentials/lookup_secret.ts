import { ApiError } from '@latchkey/api'
import type { Config, CredentialDefinition, GivenCredentials } from './definition.ts'
import { listIn } from './definition.ts'

const mostCodes = 100
const longestCode = 255

/** Backup codes. The config is `{ recovery_codes: [{ code, used_at }] }`; a used code is kept, with the time of its use. */
export const lookupSecret = {
  type: 'lookup_secret',
  identifiersFrom: 'identity',
  version: 0,
  sealed: true,
  isSecondFactor: (config) => listIn(config, 'recovery_codes').length > 0,
  isEnabledSecondFactor: ({ lookup_secret: method }) => method.enabled,
  authenticatorsIn: (config) => listIn(config, 'recovery_codes').map(({ code }) => String(code)),
  checkConfig(config, refuse) {
    const { recovery_codes: codes = [] } = config
    if (!Array.isArray(codes) || codes.length > mostCodes || !codes.every(isCode)) {
      throw refuse(`the recovery_codes must be a list of at most ${mostCodes} codes`)
    }
  },
  importer: {
    check(_ctx, given) {
      const codes = givenCodes(given)
      if (codes.length === 0 || codes.length > mostCodes || !codes.every(isCode)) {
        throw ApiError.badRequest({ message: `The codes must be a list of 1 to ${mostCodes} codes.` })
      }
    },
    // As in Kratos, imported codes are added to existing ones.
    prepare: (_ctx, given) => (credential) => {
      const codes = [...listIn(credential.config, 'recovery_codes'), ...givenCodes(given)]
      if (codes.length > mostCodes)
        throw ApiError.badRequest({ message: `An identity may have at most ${mostCodes} codes.` })
      return { ...credential, config: { ...credential.config, recovery_codes: codes } }
    },
  },
  removal: { keepsLastFirstFactor: false, remove: () => undefined },
} as const satisfies CredentialDefinition

function givenCodes({ lookup_secret: given }: GivenCredentials): Config[] {
  return (given?.config?.codes ?? []).map((one) => ({
    code: one?.code ?? '',
    ...(one?.used_at && { used_at: one.used_at }),
  }))
}

function isCode(one: unknown): boolean {
  if (typeof one !== 'object' || one === null || !('code' in one)) return false
  const { code } = one
  return typeof code === 'string' && code !== '' && code.length <= longestCode && !code.includes('\0')
}
