import { ApiError, type OAuth2LoginRequest } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { parseJson } from '../../kernel/http/index.ts'
import { type Provider, rememberOptions } from './provider.ts'

/** A separate server with Hydra's admin API (`oauth2_provider`), asked as Kratos does. */
export const hydra: Provider = {
  async find(ctx, challenge) {
    const request = (await call(ctx, { challenge, verb: 'get', path: '' })) as unknown as OAuth2LoginRequest
    const { override_return_to: overrides } = ctx.config.identity.oauth2_provider
    return {
      challenge,
      request,
      isTooOld: () => request.skip !== true,
      ...(overrides && request.request_url && { returnTo: request.request_url }),
    }
  },
  async accept(ctx, challenge, { identityId, methods, session }) {
    const { remember, rememberFor } = rememberOptions(ctx)
    const body = {
      subject: identityId,
      remember,
      remember_for: rememberFor,
      amr: methods,
      ...(session && { acr: session.aal, identity_provider_session_id: session.id }),
    }
    const { redirect_to: to } = await call(ctx, { challenge, verb: 'accept', path: '/accept', body })
    if (typeof to !== 'string' || !/^https?:\/\//.test(to)) throw failureOf('accept', undefined)
    return to
  },
}

interface HydraCall {
  readonly challenge: string
  readonly verb: 'get' | 'accept'
  readonly path: string
  readonly body?: object
}

/** @throws 400 if Hydra refuses to tell of the challenge, 500 if it fails, cannot be reached, or does not accept it */
async function call(ctx: Context, { challenge, verb, path, body }: HydraCall): Promise<Record<string, unknown>> {
  const { url = '', headers } = ctx.config.identity.oauth2_provider
  const address = new URL(`${url.replace(/\/+$/, '')}/admin/oauth2/auth/requests/login${path}`)
  address.searchParams.set('login_challenge', challenge)
  const answer = await ctx
    .fetch(address.toString(), {
      method: body ? 'PUT' : 'GET',
      headers: { ...headers, accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      maxRedirects: 0,
    })
    .catch((error: unknown) => {
      ctx.log.error({ err: error }, 'the OAuth 2.0 server could not be reached')
      throw failureOf(verb, undefined)
    })
  if (answer.status !== 200) {
    ctx.log.warn({ status: answer.status, verb }, 'the OAuth 2.0 server refused a login request')
    throw failureOf(verb, answer.status)
  }
  return parseJson(answer.text, () => failureOf(verb, answer.status)) as Record<string, unknown>
}

function failureOf(verb: HydraCall['verb'], status: number | undefined): ApiError {
  const parts = {
    reason: `The OAuth 2.0 login request could not be ${verb === 'get' ? 'read' : 'accepted'}.`,
    ...(status !== undefined && { details: { status_code: status } }),
  }
  const isOurs = verb === 'accept' || status === undefined || status >= 500 || status === 200
  return isOurs ? new ApiError(500, parts) : ApiError.badRequest(parts)
}
