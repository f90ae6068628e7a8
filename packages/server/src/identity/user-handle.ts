import type { Context } from '../kernel/context.ts'
import { handleKind, handleText } from './credentials/public_keys.ts'
import type { Identity } from './record.ts'
import { findByIdentifier } from './store.ts'

/** Finds the identity whose passkeys, or security keys of the first factor, have this user handle. */
export async function findByUserHandle(
  ctx: Context,
  handle: Buffer,
): Promise<{ identity: Identity; type: 'passkey' | 'webauthn' } | undefined> {
  if (handle.length === 0) return undefined
  const owner = await findByIdentifier(ctx, 'passkey', handleText(handle))
  if (owner) return { identity: owner, type: 'passkey' }
  const other = await findByIdentifier(ctx, handleKind, handle.toString('base64'))
  return other && { identity: other, type: 'webauthn' }
}
