import { refreshBoundSession, registerBoundSession } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'

/** The addresses that browsers are told. */
export function deviceBoundUrls(ctx: Context): { origin: string; registration: string; refresh: string } {
  const base = ctx.config.identity.serve.public.base_url.replace(/\/+$/, '')
  return {
    origin: new URL(base).origin,
    registration: base + registerBoundSession.path,
    refresh: base + refreshBoundSession.path,
  }
}
