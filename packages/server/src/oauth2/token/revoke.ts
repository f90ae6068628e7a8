import type { Context } from '../../kernel/context.ts'
import type { Client } from '../clients/client.ts'
import type { Grant } from './grant.ts'
import { hashOfToken, openWithToken } from './opaque.ts'
import { deleteAccessToken, deleteFamily, findAccessToken, findRefreshToken } from './store.ts'

/**
 * RFC 7009: revokes a token with its family. A token that is not there, is of another client, or was refreshed changes
 * nothing. A token that somebody got by token exchange is revoked alone: the family is that of the subject token.
 */
export async function revokeToken(ctx: Context, client: Client, token: string): Promise<void> {
  const hash = hashOfToken(token)
  if (hash === undefined) return
  const refresh = await findRefreshToken(ctx, hash)
  const found = refresh ?? (await findAccessToken(ctx, hash))
  if (found?.client.id !== client.id || refresh?.row.used_at) return
  if (openWithToken<Grant>(token, found.row.sealed_data).actor) return deleteAccessToken(ctx, hash)
  await deleteFamily(ctx, found.row.request_id)
}
