import { ApiError, uiText } from '@latchkey/api'
import {
  checkKeys,
  deriveFromTraits,
  emptyCredential,
  type Identity,
  keysIn,
  mostKeys,
  type PublicKey,
} from '../../identity/index.ts'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { FlowError } from '../flow/flow.ts'
import type { KeyType } from './redeem.ts'

/**
 * Adds a verified key to an identity, whose credential may begin with it. Throws 400 if it has the key, or too many. A
 * key of another identity is refused when the identity is stored.
 */
export function withKey(
  ctx: Context,
  identity: Identity,
  { type, key, handle }: { type: KeyType; key: PublicKey; handle: Uint8Array },
): Identity {
  const credential = identity.credentials[type] ?? emptyCredential(ctx, type, identity.document.id)
  const keys = keysIn(credential.config)
  if (keys.some(({ id }) => id === key.id))
    throw ApiError.badRequest({ reason: 'This security key or passkey is registered already.' })
  if (keys.length >= mostKeys)
    throw ApiError.badRequest({ reason: `An account may have at most ${mostKeys} security keys or passkeys.` })
  const config = {
    ...credential.config,
    credentials: [...keys, key],
    user_handle: Buffer.from(handle).toString('base64'),
  }
  checkKeys(config, (what) => ApiError.badRequest({ reason: `The key cannot be stored: ${what}.` }))
  const stored = { ...credential, version: 1, config, updated_at: timestamp(ctx.clock.now()) }
  return deriveFromTraits(ctx, { ...identity, credentials: { ...identity.credentials, [type]: stored } })
}

/** The name of a key on pages and in the settings form: its id in hexadecimal digits, as in Kratos. */
export function hexId({ id }: Pick<PublicKey, 'id'>): string {
  return Buffer.from(id, 'base64').toString('hex')
}

/** Removes the key with this id in hexadecimal digits. Throws 400 if the identity has none. */
export function withoutKey(ctx: Context, identity: Identity, type: KeyType, hex: string): Identity {
  const credential = identity.credentials[type]
  const keys = keysIn(credential?.config)
  const left = keys.filter((key) => hexId(key) !== hex.toLowerCase())
  if (!credential || left.length === keys.length)
    throw ApiError.badRequest({ reason: 'The account has no such security key or passkey.' })
  const { [type]: _removed, ...others } = identity.credentials
  // The identifiers of the traits stay.
  if (left.length === 0) return deriveFromTraits(ctx, { ...identity, credentials: others })
  const stored = {
    ...credential,
    config: { ...credential.config, credentials: left },
    updated_at: timestamp(ctx.clock.now()),
  }
  return { ...identity, credentials: { ...others, [type]: stored } }
}

/** The context of a label that names a key. */
export function keyLabel({ display_name: name, added_at: added }: PublicKey) {
  return { display_name: name || 'unnamed', added_at: added, added_at_unix: Math.floor(Date.parse(added) / 1000) }
}

/** The message for an answer that was refused, which is that of a wrong code, as in Kratos. */
export const refusedAnswer = () => uiText(4000008)

/** The error for the removal of the only way in; `field` is that of the removal. */
export function lockedOut(field: string): FlowError {
  const reason = 'This is the only way in which you can sign in, so that it cannot be removed.'
  return new FlowError({ fields: [{ field, message: uiText(4000001, { reason }) }] })
}
