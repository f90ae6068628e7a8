import type { Context } from '../kernel/context.ts'
import type { Call, Reply } from '../kernel/http/index.ts'
import { publicUrl } from '../selfservice/index.ts'
import { mailboxPath } from './mailbox.ts'
import { showPage } from './show.ts'

/** What whoever started the server knows and the database does not: a token is stored as its hash only. */
export interface FirstSteps {
  /** An admin token that was made just now; asked for at each visit, as it may be made after the start. */
  token?: () => string | undefined
  /** The command that makes another. */
  tokenCommand?: string
}

/** The root page in development. */
export function welcomePage(ctx: Context, call: Call, { token, tokenCommand }: FirstSteps = {}): Reply {
  const value = token?.()
  return showPage(ctx, call, {
    kind: 'welcome',
    origin: ctx.config.identity.serve.public.base_url.replace(/\/+$/, ''),
    mailboxUrl: mailboxPath(ctx),
    openapiUrl: publicUrl(ctx, 'openapi.json').pathname,
    token: value ? { value } : { command: tokenCommand ?? 'latchkey token create' },
  })
}
