import { ApiError } from '@latchkey/api'
import { record } from '../../event/index.ts'
import { removeKeys } from '../../jwk/index.ts'
import type { Context } from '../../kernel/context.ts'
import { deleteTrust, isKeyTrusted } from './store.ts'

/** Revokes trust, and deletes the key unless it is trusted for other subjects. In Hydra, these lose their key as well. */
export async function revokeTrust(ctx: Context, id: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    const row = await deleteTrust(tx, id)
    if (!row) throw ApiError.notFound()
    if (!(await isKeyTrusted(tx, row))) await removeKeys(tx, row.issuer, row.key_id)
    await record(tx, 'OAuth2IssuerTrustRevoked', { OAuth2TrustedIssuerID: id })
  })
}
