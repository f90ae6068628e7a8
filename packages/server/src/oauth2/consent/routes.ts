import type { rooms } from '@latchkey/api'
import { empty, json, type RoomHandlers } from '../../kernel/http/index.ts'
import { acceptUserCode } from '../device/verify.ts'
import { acceptLogout, logoutRequest, rejectLogout } from '../logout/requests.ts'
import { acceptConsent, acceptLogin, consentRequest, loginRequest, rejectConsent, rejectLogin } from './accept.ts'
import { listConsentSessions, revokeConsentSessions, revokeLoginSessions } from './sessions.ts'

type RequestOperation =
  | 'getOAuth2LoginRequest'
  | 'acceptOAuth2LoginRequest'
  | 'rejectOAuth2LoginRequest'
  | 'getOAuth2ConsentRequest'
  | 'acceptOAuth2ConsentRequest'
  | 'rejectOAuth2ConsentRequest'
  | 'getOAuth2LogoutRequest'
  | 'acceptOAuth2LogoutRequest'
  | 'rejectOAuth2LogoutRequest'
  | 'acceptUserCodeRequest'
  | 'listOAuth2ConsentSessions'
  | 'revokeOAuth2ConsentSessions'
  | 'revokeOAuth2LoginSessions'

const toRedirect = (redirectTo: string) => json(200, { redirect_to: redirectTo })

/** What the login, consent, logout and device pages ask and answer, and what administrators see of it. */
export const requestHandlers: RoomHandlers<Pick<typeof rooms.oauth2, RequestOperation>> = {
  getOAuth2LoginRequest: (ctx, _input, call) => json(200, loginRequest(ctx, call.search)),
  acceptOAuth2LoginRequest: (ctx, _input, call) => toRedirect(acceptLogin(ctx, call.search, call.bodyText)),
  rejectOAuth2LoginRequest: (ctx, _input, call) => toRedirect(rejectLogin(ctx, call.search, call.bodyText)),
  getOAuth2ConsentRequest: (ctx, _input, call) => json(200, consentRequest(ctx, call.search)),
  acceptOAuth2ConsentRequest: (ctx, _input, call) => toRedirect(acceptConsent(ctx, call.search, call.bodyText)),
  rejectOAuth2ConsentRequest: (ctx, _input, call) => toRedirect(rejectConsent(ctx, call.search, call.bodyText)),
  getOAuth2LogoutRequest: async (ctx, _input, call) => {
    const found = await logoutRequest(ctx, call.search)
    return 'usedUrl' in found ? json(410, { redirect_to: found.usedUrl }) : json(200, found.request)
  },
  acceptOAuth2LogoutRequest: async (ctx, _input, call) => toRedirect(await acceptLogout(ctx, call.search)),
  rejectOAuth2LogoutRequest: async (ctx, _input, call) => {
    await rejectLogout(ctx, call.search)
    return empty()
  },
  acceptUserCodeRequest: async (ctx, _input, call) => toRedirect(await acceptUserCode(ctx, call.search, call.bodyText)),
  listOAuth2ConsentSessions: async (ctx, _input, call) => {
    const { sessions, link } = await listConsentSessions(ctx, call.search)
    return json(200, sessions, link === undefined ? {} : { headers: { link } })
  },
  revokeOAuth2ConsentSessions: async (ctx, _input, call) => {
    await revokeConsentSessions(ctx, call.search)
    return empty()
  },
  revokeOAuth2LoginSessions: async (ctx, _input, call) => {
    await revokeLoginSessions(ctx, call.search)
    return empty()
  },
}
