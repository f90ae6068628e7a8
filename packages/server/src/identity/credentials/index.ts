import { normalizeIdentifier, normalizeIdentifierPrefix } from '../../kernel/address.ts'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Credential, CredentialType, Identity } from '../record.ts'
import { code } from './code.ts'
import type { CredentialDefinition } from './definition.ts'
import { lookupSecret } from './lookup_secret.ts'
import { oidc } from './oidc.ts'
import { passkey } from './passkey.ts'
import { password } from './password.ts'
import { saml } from './saml.ts'
import { totp } from './totp.ts'
import { webauthn } from './webauthn.ts'

/** The only list of credential types; second factors are listed and stored in this order. */
export const credentialDefinitions: readonly CredentialDefinition[] = [
  password,
  oidc,
  saml,
  totp,
  lookupSecret,
  webauthn,
  code,
  passkey,
]

const byType = new Map<string, CredentialDefinition>(credentialDefinitions.map((one) => [one.type, one]))

/** The definition of a type; undefined for types used only by flows (`link_recovery`, `code_recovery`) and for unknown ones. */
export function definitionOf(type: string): CredentialDefinition | undefined {
  return byType.get(type)
}

/** Creates an empty credential of this type. */
export function emptyCredential(ctx: Context, type: CredentialType, identityId: string): Credential {
  const now = timestamp(ctx.clock.now())
  const { version = 0, emptyConfig, identifiersFrom } = definitionOf(type) ?? {}
  const identifiers = identifiersFrom === 'identity' ? [identityId] : []
  return { type, identifiers, config: emptyConfig?.(identityId) ?? {}, version, created_at: now, updated_at: now }
}

/** The form in which an identifier of a credential is stored and looked up. */
export function storedIdentifier(type: CredentialType, identifier: string): string {
  return (definitionOf(type)?.normalize ?? normalizeIdentifier)(identifier)
}

/** The form of the start of an identifier. */
export function storedPrefix(type: CredentialType, start: string): string {
  return (definitionOf(type)?.normalize ?? normalizeIdentifierPrefix)(start)
}

/** Counts the first factors of an identity, as Kratos does. */
export function countFirstFactors(ctx: Context, { credentials }: Pick<Identity, 'credentials'>): number {
  const { methods } = ctx.config.identity.selfservice
  return credentialDefinitions.reduce(
    (sum, { type, countFirstFactors: count }) => sum + (count?.(credentials[type], methods) ?? 0),
    0,
  )
}

/** The second factors that an identity has set up, whether or not they are enabled. */
export function secondFactors({ credentials }: Pick<Identity, 'credentials'>): CredentialType[] {
  return credentialDefinitions.flatMap(({ type, isSecondFactor }) => {
    const config = credentials[type]?.config
    // A credential that cannot be decrypted must not disable the second factor.
    return config && isSecondFactor && ('sealed' in config || isSecondFactor(config)) ? [type] : []
  })
}

/** The types of authenticators that a change added, once each: what is new in `after`, whatever was removed. */
export function addedAuthenticators(
  before: Pick<Identity, 'credentials'>,
  after: Pick<Identity, 'credentials'>,
): CredentialType[] {
  return credentialDefinitions.flatMap(({ type, authenticatorsIn }) => {
    const of = ({ credentials }: Pick<Identity, 'credentials'>) => authenticatorsIn?.(credentials[type]?.config ?? {})
    const known = new Set(of(before))
    return of(after)?.some((one) => !known.has(one)) ? [type] : []
  })
}

/** Whether the configuration enables this type as a second factor. */
export function isEnabledSecondFactor(ctx: Context, type: string): boolean {
  return definitionOf(type)?.isEnabledSecondFactor?.(ctx.config.identity.selfservice.methods) ?? false
}
