import { ApiError } from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { empty, type Reply } from '../../kernel/http/index.ts'
import { countFirstFactors } from '../first-factors.ts'
import { parseId } from '../id.ts'
import type { Credential, Identity } from '../record.ts'
import { changeIdentity } from '../save.ts'
import { connectionId } from './import.ts'

/** Takes a way of signing in from an identity; never its last first factor. */
export async function deleteCredentialsByAdmin(
  ctx: Context,
  idText: string,
  { type, identifier }: { type: string; identifier?: string },
): Promise<Reply> {
  const id = parseId(idText)
  if (!id) throw ApiError.notFound()
  const changed = await changeIdentity(ctx, id, (identity) => {
    const credential = Object.values(identity.credentials).find((one) => one.type === type)
    if (!credential) throw ApiError.notFound({ reason: 'The identity has no credentials of this type.' })
    return { ...identity, credentials: without(ctx, identity, credential, identifier) }
  })
  if (!changed) throw ApiError.notFound()
  return empty()
}

function without(
  ctx: Context,
  identity: Identity,
  credential: Credential,
  identifier: string | undefined,
): Identity['credentials'] {
  const { [credential.type]: _, ...others } = identity.credentials
  const updated = { ...credential, updated_at: timestamp(ctx.clock.now()) }
  switch (credential.type) {
    case 'totp':
    case 'lookup_secret':
      return others
    case 'webauthn': {
      // Keys that sign in without a password are a first factor and stay.
      const keys = listIn(credential, 'credentials').filter((key) => key.is_passwordless === true)
      if (keys.length === 0) return others
      return { ...others, webauthn: { ...updated, config: { ...credential.config, credentials: keys } } }
    }
    case 'password':
      keepLast(ctx, identity)
      // The identifiers stay, as they follow from the traits.
      return { ...others, password: { ...updated, config: {} } }
    case 'oidc':
    case 'saml':
      keepLast(ctx, identity)
      return { ...others, [credential.type]: disconnected(updated, identifier) }
    default:
      throw ApiError.badRequest({ reason: `Credentials of the type ${credential.type} cannot be deleted.` })
  }
}

function keepLast(ctx: Context, identity: Identity): void {
  if (countFirstFactors(ctx, identity) < 2) {
    throw ApiError.badRequest({ reason: 'This is the last way in which the identity can sign in, so it stays.' })
  }
}

function disconnected(credential: Credential, identifier: string | undefined): Credential {
  if (!identifier) throw ApiError.badRequest({ reason: 'The parameter identifier must name the connection to delete.' })
  const all = listIn(credential, 'providers')
  const id = (one: Record<string, unknown>) =>
    connectionId({ provider: String(one.provider), subject: String(one.subject) })
  const providers = all.filter((one) => id(one) !== identifier)
  if (providers.length === all.length) throw ApiError.notFound({ reason: 'The identity has no such connection.' })
  return { ...credential, identifiers: providers.map(id), config: { ...credential.config, providers } }
}

function listIn(credential: Credential, member: string): Record<string, unknown>[] {
  const list = credential.config[member]
  return Array.isArray(list) ? list : []
}
