import type { Context } from '../kernel/context.ts'
import type { Credential, Identity } from './record.ts'

/**
 * How many ways there are to sign in with a first factor, counted as Kratos does:
 * codes count for everyone where signing in without a password is enabled.
 */
export function countFirstFactors(ctx: Context, { credentials }: Identity): number {
  const { password, oidc, saml, webauthn, passkey } = credentials
  const hasPassword = Boolean(password?.config.hashed_password) && (password?.identifiers.length ?? 0) > 0
  const code = ctx.config.identity.selfservice.methods.code.passwordless_enabled
  const keys = listIn(webauthn, 'credentials').filter((key) => key.is_passwordless === true)
  return (
    Number(hasPassword) +
    Number(code) +
    connections(oidc) +
    connections(saml) +
    keys.length +
    listIn(passkey, 'credentials').length
  )
}

function connections(credential: Credential | undefined): number {
  return listIn(credential, 'providers').filter((one) => one.provider && one.subject).length
}

function listIn(credential: Credential | undefined, member: string): Record<string, unknown>[] {
  const list = credential?.config[member]
  return Array.isArray(list) ? list : []
}
