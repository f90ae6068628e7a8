import { publicView } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { type Call, type Reply, redirect } from '../kernel/http/index.ts'
import { checkedReturnTo, logoutDestination } from '../selfservice/index.ts'
import { removedCookies, resolveSession, revokeSession } from '../session/index.ts'
import { readForm } from './form.ts'
import { askToSignOut, signOutOfAll } from './oauth2/logout.ts'
import { showPage } from './show.ts'

/** Asks for confirmation before signing out; confirms it if nobody is signed in. */
export async function logoutPage(ctx: Context, call: Call): Promise<Reply> {
  const challenge = call.search.get('logout_challenge')
  if (challenge) return askToSignOut(ctx, call, challenge)
  const signed = await resolveSession(ctx, call)
  if (!signed) return showPage(ctx, call, { kind: 'logout', state: 'done' })
  const returnTo = checkedReturnTo(ctx, call.search.get('return_to'))
  return showPage(ctx, call, {
    kind: 'logout',
    state: 'confirm',
    action: call.path,
    returnTo,
    identity: publicView(ctx, signed.identity),
  })
}

/** Signs the browser out. */
export async function signOut(ctx: Context, call: Call): Promise<Reply> {
  const form = readForm(call)
  const challenge = form.get('logout_challenge')
  if (challenge) return signOutOfAll(ctx, call, challenge)
  const location = logoutDestination(ctx, form.get('return_to') ?? undefined)
  const signed = await resolveSession(ctx, call)
  if (signed) await revokeSession(ctx, signed.session.id, signed.session.identityId)
  call.csrf.rotate(signed?.identity.document.id)
  return redirect(location, 303, { cookies: removedCookies(ctx) })
}
