import { ApiError } from '@latchkey/api'
import type { PageError } from '@latchkey/pages'
import type { Context } from '../kernel/context.ts'
import type { Call, Reply } from '../kernel/http/index.ts'
import { readFlowError } from '../selfservice/index.ts'
import { showPage } from './show.ts'

/** The page of a stored self-service error (`/ui/error?id=`), or of an OAuth 2.0 error whose client is not known. */
export async function errorPage(ctx: Context, call: Call): Promise<Reply> {
  const code = call.search.get('error')
  if (code !== null && !call.search.has('id')) return showProtocolError(ctx, call, code)
  const error: PageError = await readFlowError(ctx, call.search.get('id') ?? '')
  return showPage(ctx, call, { kind: 'error', error })
}

/** What the URL says is not ours: it is shown as a detail only. */
function showProtocolError(ctx: Context, call: Call, code: string): Reply {
  const reason = call.search.get('error_description') ?? ''
  const error = { code: 400, message: code.slice(0, 200), reason: reason.slice(0, 1000) }
  return showPage(ctx, call, { kind: 'error', error: { error } }, { status: 400 })
}

export function noSuchPage(): Reply {
  throw ApiError.notFound()
}
