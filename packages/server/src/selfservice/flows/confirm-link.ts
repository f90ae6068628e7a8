import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import type { Flow } from '../flow/flow.ts'
import type { Outcome } from '../outcome.ts'

/**
 * Redirects an opened link with a token to the page with a button that redeems it, if there is one. A GET then changes
 * nothing (RFC 9110, section 9.2.1), so that programs that scan messages do not use up the link.
 */
export function confirmLink(ctx: Context, { method, search }: Call, { name, id }: Flow): Outcome | undefined {
  const { confirm_url: page } = ctx.config.identity.selfservice.methods.link.config
  const token = search.get('token')
  if (page === undefined || method !== 'GET' || !token) return undefined
  const location = new URL(page, ctx.config.identity.serve.public.base_url)
  for (const [key, value] of Object.entries({ for: name, flow: id, token })) location.searchParams.set(key, value)
  return { type: 'redirected', location: location.toString() }
}
