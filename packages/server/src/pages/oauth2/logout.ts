import { publicView } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { type Call, type Reply, redirect } from '../../kernel/http/index.ts'
import { acceptJoinedLogout, joinedLogout } from '../../oauth2/index.ts'
import { removedCookies, resolveSession, revokeSession } from '../../session/index.ts'
import { showPage } from '../show.ts'
import { pageClient } from './client.ts'

/**
 * Asks whether an application may sign the person out (OpenID Connect RP-Initiated Logout 1.0, section 2), unless the
 * client may do so without asking.
 */
export async function askToSignOut(ctx: Context, call: Call, challenge: string): Promise<Reply> {
  const { client, rp_initiated: isByClient } = await joinedLogout(ctx, challenge)
  if (isByClient && client?.skip_logout_consent) return signOutOfAll(ctx, call, challenge)
  const signed = await resolveSession(ctx, call)
  return showPage(
    ctx,
    call,
    {
      kind: 'logout',
      state: 'confirm',
      action: call.path,
      asked: { challenge, ...(client && { client: pageClient(client) }) },
      ...(signed && { identity: publicView(ctx, signed.identity) }),
    },
    { clientUris: client?.post_logout_redirect_uris ?? [] },
  )
}

/** Ends the session of the browser, if it is that of the person of the request, and goes on to end that of OAuth 2.0. */
export async function signOutOfAll(ctx: Context, call: Call, challenge: string): Promise<Reply> {
  const { subject } = await joinedLogout(ctx, challenge)
  const location = await acceptJoinedLogout(ctx, challenge)
  const signed = await resolveSession(ctx, call)
  if (!signed || signed.session.identityId !== subject) return redirect(location, 303)
  await revokeSession(ctx, signed.session.id, signed.session.identityId)
  call.csrf.rotate(signed.identity.document.id)
  return redirect(location, 303, { cookies: removedCookies(ctx) })
}
