import { ApiError } from '@latchkey/api'
import type { PageError } from '@latchkey/pages'
import type { Context } from '../kernel/context.ts'
import type { Call, Reply } from '../kernel/http/index.ts'
import { readFlowError } from '../selfservice/index.ts'
import { showPage } from './show.ts'

/** The page of a stored self-service error (`/ui/error?id=`). */
export async function errorPage(ctx: Context, call: Call): Promise<Reply> {
  const error: PageError = await readFlowError(ctx, call.search.get('id') ?? '')
  return showPage(ctx, call, { kind: 'error', error })
}

export function noSuchPage(): Reply {
  throw ApiError.notFound()
}
