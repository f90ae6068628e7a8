import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { cookieName } from '../../../session/index.ts'

/** The secret that the caller's session was found by; only for handing it back to the same caller. */
export function presentedCredential(ctx: Context, call: Call): string {
  const bearer = /^bearer +(\S+)$/i.exec(call.header('authorization') ?? '')?.[1]
  return call.header('x-session-token') || call.cookie(cookieName(ctx)) || bearer || ''
}
