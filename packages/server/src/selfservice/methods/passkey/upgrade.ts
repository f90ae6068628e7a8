import { type Identity, keysIn } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { checkedReturnTo } from '../../flow/return-to.ts'

/**
 * A page that makes a passkey and then goes on to `to`; undefined if the account has a passkey, or `to` is no address
 * that pages may return to.
 */
export function upgradeUrl(
  ctx: Context,
  page: string,
  { identity, to }: { identity: Identity; to: string },
): string | undefined {
  if (keysIn(identity.credentials.passkey?.config).length > 0 || !isAllowed(ctx, to)) return undefined
  const url = new URL(page, ctx.config.identity.serve.public.base_url)
  url.searchParams.set('return_to', to)
  return url.toString()
}

function isAllowed(ctx: Context, to: string): boolean {
  try {
    return checkedReturnTo(ctx, to) !== undefined
  } catch {
    return false
  }
}
