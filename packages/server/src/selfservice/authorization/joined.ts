import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { acceptJoinedLogin, type JoinedLogin, joinedLogin, refuseSilentLogin } from '../../oauth2/index.ts'
import { type Provider, rememberOptions } from './provider.ts'

/** The OAuth 2.0 server of the same project, which is asked without a request. */
export const joined: Provider = {
  async find(ctx, challenge) {
    const { request, isSilent, authenticatedFrom } = requireLogin(ctx, challenge)
    return {
      challenge,
      request,
      isTooOld: ({ authenticatedAt }) => authenticatedAt < authenticatedFrom,
      returnTo: request.request_url,
      ...(isSilent && { refusalUrl: refuseSilentLogin(ctx, challenge) }),
    }
  },
  async accept(ctx, challenge, { identityId, methods, session }) {
    // Without a session, the person signs in when the request is made again, because the consent page needs one.
    if (!session || findLogin(ctx, challenge) === undefined) return undefined
    return acceptJoinedLogin(ctx, challenge, {
      ...rememberOptions(ctx),
      subject: identityId,
      authenticatedAt: session.authenticatedAt,
      acr: session.aal,
      amr: methods,
      sessionId: session.id,
    })
  },
}

function requireLogin(ctx: Context, challenge: string): JoinedLogin {
  const login = findLogin(ctx, challenge)
  if (!login) throw ApiError.badRequest({ reason: 'The login_challenge is not known, or has expired.' })
  return login
}

function findLogin(ctx: Context, challenge: string): JoinedLogin | undefined {
  try {
    return joinedLogin(ctx, challenge)
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}
