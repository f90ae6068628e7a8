import { ApiError } from '@latchkey/api'
import { publicView } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { type Call, type Reply, redirect } from '../kernel/http/index.ts'
import { isUuid } from '../kernel/uuid.ts'
import {
  otherSessions,
  refuseActing,
  requireAssuredSession,
  revokeSession,
  type Signed,
  sessionView,
  signOutElsewhere,
} from '../session/index.ts'
import { readForm } from './form.ts'
import { showPage } from './show.ts'
import { signInFirst } from './sign-in-first.ts'

/** The maximum number of other sessions shown; all of them can still be revoked at once. */
const maxShown = 100

/** The current session and the other active sessions. */
export async function sessionsPage(ctx: Context, call: Call): Promise<Reply> {
  return withSession(ctx, call, async ({ session, identity }) => {
    const others = await otherSessions(ctx, session, maxShown)
    const now = ctx.clock.now()
    const ended = call.search.get('ended')
    return showPage(ctx, call, {
      kind: 'sessions',
      session: { ...view(sessionView(session, now)), identity: publicView(ctx, identity) },
      sessions: others.map((one) => view(sessionView(one, now))),
      action: call.path,
      ...((ended === 'one' || ended === 'all') && { ended }),
    })
  })
}

/** Revokes one of the other sessions (`session`) or all of them (`all`). */
export async function endSessions(ctx: Context, call: Call): Promise<Reply> {
  const form = readForm(call)
  return withSession(ctx, call, async ({ session }) => {
    refuseActing(session)
    if (form.get('all') === 'true') {
      await signOutElsewhere(ctx, session)
      return redirect(`${call.path}?ended=all`)
    }
    const id = form.get('session') ?? ''
    if (!isUuid(id) || id.toLowerCase() === session.id)
      throw ApiError.badRequest({ reason: 'The field session must be the id of another session.' })
    await revokeSession(ctx, id.toLowerCase(), session.identityId)
    return redirect(`${call.path}?ended=one`)
  })
}

/** Requires the same assurance level as whoami. */
async function withSession(ctx: Context, call: Call, run: (signed: Signed) => Promise<Reply>): Promise<Reply> {
  try {
    return await run(await requireAssuredSession(ctx, call))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.httpStatus === 401) return signInFirst(ctx, call)
    if (!('redirect_browser_to' in error.content)) throw error
    return redirect(String(error.content.redirect_browser_to))
  }
}

function view({ devices, ...session }: ReturnType<typeof sessionView>) {
  return {
    ...session,
    devices: devices.map(({ user_agent: agent, ...device }) => ({ ...device, user_agent: agent ?? undefined })),
  }
}
