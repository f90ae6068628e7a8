import type { OAuth2LogoutRequest } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { logoutNotFound } from '../logout/not-found.ts'
import { agreeToLogout, logoutRequest } from '../logout/requests.ts'

/** @throws 404 for a text that is no logout challenge, or one that was used */
export async function joinedLogout(ctx: Context, challenge: string): Promise<OAuth2LogoutRequest> {
  const found = await logoutRequest(ctx, new URLSearchParams({ logout_challenge: challenge }))
  if ('usedUrl' in found) throw logoutNotFound()
  return found.request
}

/** Where the browser goes on when the person has agreed to sign out. */
export function acceptJoinedLogout(ctx: Context, challenge: string): Promise<string> {
  return agreeToLogout(ctx, challenge)
}
