import type { Context } from '../kernel/context.ts'
import type { Call, Reply } from '../kernel/http/index.ts'
import { publicUrl } from '../selfservice/index.ts'
import { mailboxPath } from './mailbox.ts'
import { showPage } from './show.ts'

/** Information from the process that started the server; the database stores only a token's hash. */
export interface FirstSteps {
  /** A newly created admin token; evaluated at each visit, since it may be created after the start. */
  token?: () => string | undefined
  /** The command that creates another token. */
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
