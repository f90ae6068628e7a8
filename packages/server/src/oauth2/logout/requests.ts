import type { OAuth2LogoutRequest } from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { findClient } from '../clients/store.ts'
import { clientView } from '../clients/view.ts'
import { challengeIn } from '../consent/accept.ts'
import { withQuery } from '../flow/urls.ts'
import { logoutNotFound } from './not-found.ts'
import { decideLogout, findLogoutRequest, type LogoutRequest } from './store.ts'

/** A logout request, for the logout page; one that was used only says where it came from. */
export async function logoutRequest(
  ctx: Context,
  search: URLSearchParams,
): Promise<{ request: OAuth2LogoutRequest } | { usedUrl: string }> {
  const found = await findLogoutRequest(ctx, challengeIn(search, 'logout_challenge'))
  if (!found) throw logoutNotFound()
  const { request, state } = found
  if (state === 'used') return { usedUrl: request.requestUrl }
  const client = request.clientId === undefined ? undefined : await findClient(ctx, request.clientId)
  return {
    request: {
      challenge: request.challenge,
      // Hydra says null where there is none.
      client: (client ? clientView(client) : null) as OAuth2LogoutRequest['client'],
      ...times(request),
      request_url: request.requestUrl,
      rp_initiated: request.clientId !== undefined,
      sid: request.sessionId,
      subject: request.subject,
    } as OAuth2LogoutRequest,
  }
}

/** Hydra knows the times of those requests only that no client made. */
function times({ clientId, requestedAt, expiresAt }: LogoutRequest) {
  if (clientId !== undefined) return { expires_at: null, requested_at: null }
  return { expires_at: timestamp(expiresAt), requested_at: timestamp(requestedAt) }
}

/** Where the browser goes on when the person has agreed. */
export async function acceptLogout(ctx: Context, search: URLSearchParams): Promise<string> {
  return agreeToLogout(ctx, challengeIn(search, 'logout_challenge'))
}

export async function agreeToLogout(ctx: Context, challenge: string): Promise<string> {
  await decideLogout(ctx, challenge, 'accepted')
  const found = await findLogoutRequest(ctx, challenge)
  if (!found) throw logoutNotFound()
  const { public: base } = ctx.config.oauth2.urls.self
  return withQuery(`${base.replace(/\/+$/, '')}/oauth2/sessions/logout`, { logout_verifier: found.request.verifier })
}

export async function rejectLogout(ctx: Context, search: URLSearchParams): Promise<void> {
  if (!(await decideLogout(ctx, challengeIn(search, 'logout_challenge'), 'rejected')))
    throw logoutNotFound('The logout_challenge is not known, or was used before.')
}
