import { handleIn, type Identity } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'

/** A user handle that tells nothing of its identity: 64 letters and digits, as in Kratos. */
export function newHandle({ random }: Context): Buffer {
  return Buffer.from(random.token(64))
}

/** The user handle of an identity's passkeys, so that authenticators know them as those of one account. */
export function handleOf(ctx: Context, { credentials }: Identity): Buffer {
  const own = handleIn(credentials.passkey?.config)
  return own.length > 0 ? own : newHandle(ctx)
}
