import type { CredentialType, Identity } from './record.ts'

/** The second factors that an identity has set up, whether or not they are enabled. */
export function secondFactors({ credentials }: Pick<Identity, 'credentials'>): CredentialType[] {
  const has = (list: unknown) => Array.isArray(list) && list.length > 0
  const found: CredentialType[] = []
  if (credentials.totp?.config.totp_url) found.push('totp')
  if (has(credentials.lookup_secret?.config.recovery_codes)) found.push('lookup_secret')
  if (webauthnAsSecond(credentials.webauthn?.config.credentials)) found.push('webauthn')
  if (has(credentials.code?.config.addresses)) found.push('code')
  return found
}

/** Keys that were registered for signing in without a password are a first factor. */
function webauthnAsSecond(keys: unknown): boolean {
  return Array.isArray(keys) && keys.some((key: { is_passwordless?: boolean }) => key.is_passwordless !== true)
}
