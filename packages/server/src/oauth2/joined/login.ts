import type { OAuth2LoginRequest } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { denyLogin, describeLogin, withVerifier } from '../consent/accept.ts'
import { openChallenge } from '../flow/codec.ts'
import type { Flow } from '../flow/flow.ts'

/** A login request, as the sign-in of the same project sees it. */
export interface JoinedLogin {
  readonly request: OAuth2LoginRequest
  /** Whether the person must not be asked (`prompt=none`). */
  readonly isSilent: boolean
  /**
   * From when an authentication counts, in milliseconds: with `prompt=login` and `prompt=select_account` from the
   * request, with `max_age` from that long before it, otherwise from any time.
   */
  readonly authenticatedFrom: number
}

/** @throws 404 for a text that is no login challenge of this project, 401 for one that has expired */
export function joinedLogin(ctx: Context, challenge: string): JoinedLogin {
  const flow = openChallenge(ctx, challenge, 'login challenge')
  return {
    request: describeLogin(flow, challenge),
    isSilent: flow.demands?.prompt?.includes('none') ?? false,
    authenticatedFrom: authenticatedFrom(flow),
  }
}

function authenticatedFrom({ demands = {}, requestedAt }: Flow): number {
  const { prompt = [], maxAge } = demands
  if (prompt.includes('login') || prompt.includes('select_account')) return requestedAt
  return maxAge === undefined ? 0 : requestedAt - maxAge * 1000
}

/** Who is signed in, and how. */
export interface Authentication {
  readonly subject: string
  /** In milliseconds. */
  readonly authenticatedAt: number
  readonly acr: string
  readonly amr: readonly string[]
  readonly remember: boolean
  /** In seconds. */
  readonly rememberFor: number
  /** Of the sign-in. */
  readonly sessionId: string
}

/**
 * Where the browser goes on. The session of the sign-in counts, not the one that OAuth2 remembers: somebody else than
 * the last person gets a login session of their own, so that the tokens of two people never share one.
 * @throws 404 for a text that is no login challenge of this project, 401 for one that has expired
 */
export function acceptJoinedLogin(ctx: Context, challenge: string, by: Authentication): string {
  const flow = openChallenge(ctx, challenge, 'login challenge')
  const { login } = flow
  const isOther = login.subject !== '' && login.subject !== by.subject
  return withVerifier(ctx, 'login', {
    ...flow,
    state: 'login_accepted',
    login: {
      ...login,
      skip: false,
      sessionId: isOther ? ctx.random.uuid() : login.sessionId,
      subject: by.subject,
      authenticatedAt: Math.floor(by.authenticatedAt / 1000) * 1000,
      remember: by.remember,
      rememberFor: by.rememberFor,
      acr: by.acr,
      amr: by.amr,
      identityProviderSessionId: by.sessionId,
    },
  })
}

/** Where the browser goes on if a request that must not ask finds nobody who is signed in as it demands. */
export function refuseSilentLogin(ctx: Context, challenge: string): string {
  return denyLogin(ctx, challenge, {
    error: 'login_required',
    error_description: 'The person is not signed in as the request demands, and must not be asked.',
  })
}
