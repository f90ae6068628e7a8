import { ApiError } from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import type { Call, Reply } from '../kernel/http/index.ts'
import { publicUrl } from '../selfservice/index.ts'
import { showPage } from './show.ts'

const purposes = ['recovery', 'verification'] as const

/** The page that an opened link leads to (`confirm_url` of the method `link`): its button redeems the link. */
export async function linkPage(ctx: Context, call: Call): Promise<Reply> {
  const [flow, token] = [call.search.get('flow') ?? '', call.search.get('token') ?? '']
  const purpose = purposes.find((one) => one === call.search.get('for'))
  if (!purpose || !flow || !token)
    throw ApiError.badRequest({ reason: 'The parameters for, flow and token of the link are needed.' })
  const action = publicUrl(ctx, `self-service/${purpose}`)
  action.searchParams.set('flow', flow)
  action.searchParams.set('token', token)
  return showPage(ctx, call, { kind: 'link', purpose, action: action.toString() })
}
