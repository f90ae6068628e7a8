import type { Context } from '../../kernel/context.ts'
import type { Client } from '../clients/client.ts'
import { hashOfToken } from './opaque.ts'
import { deleteFamily, findAccessToken, findRefreshToken } from './store.ts'

/**
 * RFC 7009: revokes a token with its family. A token that is not there, is of another client, or was exchanged for
 * another one changes nothing.
 */
export async function revokeToken(ctx: Context, client: Client, token: string): Promise<void> {
  const hash = hashOfToken(token)
  if (hash === undefined) return
  const refresh = await findRefreshToken(ctx, hash)
  const found = refresh ?? (await findAccessToken(ctx, hash))
  if (found?.client.id !== client.id || refresh?.row.used_at) return
  await deleteFamily(ctx, found.row.request_id)
}
