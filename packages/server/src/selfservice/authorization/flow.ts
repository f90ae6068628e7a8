import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { refuseActing, type Session } from '../../session/index.ts'
import type { Flow } from '../flow/flow.ts'
import { destination } from '../flow/return-to.ts'
import { hydra } from './hydra.ts'
import { joined } from './joined.ts'
import type { LoginRequest, Provider } from './provider.ts'

/**
 * The login request that a new flow is for.
 * @throws 400 if the challenge is empty, not known or has expired, or there is no OAuth 2.0 server
 */
export function askedFor(ctx: Context, challenge: string): Promise<LoginRequest> {
  const provider = requireProvider(ctx)
  if (challenge === '') throw ApiError.badRequest({ reason: 'The parameter login_challenge is empty.' })
  return provider.find(ctx, challenge)
}

/** Adds the login request to a flow that is answered as JSON or shown as a page. */
export async function showLoginRequest(
  ctx: Context,
  flow: Pick<Flow, 'loginChallenge' | 'loginRequest'>,
): Promise<void> {
  if (flow.loginChallenge === undefined) return
  flow.loginRequest = (await askedFor(ctx, flow.loginChallenge)).request
}

/**
 * Accepts the login request of a flow that somebody has completed in a browser. Gives where the browser goes on.
 * @throws 403 in a session in which an administrator acts
 */
export async function acceptLoginRequest(
  ctx: Context,
  { loginChallenge, returnTo }: Pick<Flow, 'loginChallenge' | 'returnTo'>,
  { identityId, session, method }: { identityId: string; session?: Session | undefined; method?: string },
): Promise<string> {
  if (session) refuseActing(session)
  const methods = session ? session.methods.map((proof) => proof.method) : method ? [method] : []
  const person = { identityId, methods, ...(session && { session }) }
  const url = await requireProvider(ctx).accept(ctx, loginChallenge ?? '', person)
  return url ?? destination(ctx, returnTo)
}

/** The server that `oauth2_provider.url` names, or the one of the same project. */
function providerOf({ config }: Context): Provider | undefined {
  if (config.identity.oauth2_provider.url !== undefined) return hydra
  return config.oauth2.isJoined ? joined : undefined
}

/** @throws 400 if there is no server */
function requireProvider(ctx: Context): Provider {
  const provider = providerOf(ctx)
  if (provider) return provider
  throw ApiError.badRequest({
    id: 'invalid_configuration',
    reason: 'A login_challenge was given, but no OAuth2 provider is configured.',
  })
}
