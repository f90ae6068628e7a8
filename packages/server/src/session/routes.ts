import { ApiError, disableMyOtherSessions, disableMySession, listMySessions, toSession } from '@latchkey/api'
import { bind, empty, json, type Route } from '../kernel/http/index.ts'
import { isUuid } from '../kernel/uuid.ts'
import { listMine } from './list-mine.ts'
import { requireSession } from './resolve.ts'
import { revokeOthers, revokeSession } from './store.ts'
import { whoami } from './whoami.ts'

/** What people do with their own sessions. */
export const sessionRoutes: readonly Route[] = [
  bind(toSession, (ctx, { query }, call) => whoami(ctx, call, query.tokenize_as)),
  // POST works like GET, so that a proxy which forwards methods can ask (Kratos).
  { ...bind(toSession, (ctx, { query }, call) => whoami(ctx, call, query.tokenize_as)), method: 'POST' },
  bind(listMySessions, (ctx, _input, call) => listMine(ctx, call)),
  bind(disableMyOtherSessions, async (ctx, _input, call) => {
    const { session } = await requireSession(ctx, call)
    return json(200, { count: await revokeOthers(ctx, session.identityId, session.id) })
  }),
  bind(disableMySession, async (ctx, { params }, call) => {
    const { session } = await requireSession(ctx, call)
    if (!isUuid(params.id)) throw ApiError.badRequest()
    if (params.id.toLowerCase() === session.id) {
      throw ApiError.badRequest({ message: 'A session cannot end itself this way; sign out instead.' })
    }
    await revokeSession(ctx, params.id.toLowerCase(), session.identityId)
    return { ...empty(), contentType: 'application/json; charset=utf-8' }
  }),
]
