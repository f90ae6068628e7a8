import { type UiText, uiText } from '@latchkey/api'
import { findIdentity, type IdentityConflict } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { methods } from '../../methods/index.ts'
import { connectionsOf } from '../../methods/oidc/offered-providers.ts'

/** How the owner of an account that exists already can sign in, as Kratos tells it. */
export interface LoginHints {
  readonly credentials: readonly string[]
  readonly providers: readonly string[]
  /** The identifier that is taken. */
  readonly identifier: string
}

/** The ways to sign in to the account of a conflict, if the configuration allows that anybody learns them. */
export async function loginHints(ctx: Context, { ownerId, taken }: IdentityConflict): Promise<LoginHints | undefined> {
  if (!ctx.config.identity.selfservice.flows.registration.login_hints || !ownerId) return undefined
  const owner = await findIdentity(ctx, ownerId)
  if (!owner) return undefined
  const usable = methods.filter(({ login }) => login?.usableBy?.(owner) ?? false)
  const providers = connectionsOf(owner).map(({ provider }) => provider)
  return {
    credentials: usable.map(({ name }) => name),
    providers: [...new Set(providers)].sort(),
    identifier: 'value' in taken ? taken.value : '',
  }
}

/** The message that an account with this identifier exists. */
export function duplicateMessage(hints: LoginHints | undefined): UiText {
  if (!hints) return uiText(4000007)
  return uiText(4000028, {
    available_credential_types: [...hints.credentials],
    available_oidc_providers: [...hints.providers],
    credential_identifier_hint: hints.identifier,
  })
}
