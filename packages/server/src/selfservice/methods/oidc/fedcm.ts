import { ApiError, type Provider } from '@latchkey/api'
import { decodeJwt } from 'jose'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { sameText } from '../../../kernel/keys.ts'
import type { ProviderConfig } from './config.ts'
import type { Proven } from './connection.ts'
import { callTo, offeredProviders } from './offered-providers.ts'
import { findPending, keepPending, requireOwnBrowser, takePending } from './pending.ts'
import { providerOf } from './providers/index.ts'

/** The providers that a page can ask the browser for (FedCM). */
function browserProviders(ctx: Context): readonly ProviderConfig[] {
  if (!ctx.config.identity.selfservice.methods.oidc.enabled) return []
  const canBeAsked = (config: ProviderConfig) => {
    const { verifyBrowserToken, verifyIdToken } = providerOf(config)
    return config.fedcm_config_url !== undefined && (verifyBrowserToken ?? verifyIdToken) !== undefined
  }
  return offeredProviders(ctx).filter(canBeAsked)
}

/** Whether pages can ask browsers for any provider. */
export function isForBrowsers(ctx: Context): boolean {
  return browserProviders(ctx).length > 0
}

/**
 * What a page gives to `navigator.credentials.get`, and the Set-Cookie lines. The nonce is bound to the browser and
 * works once. Undefined if no provider is configured for it.
 */
export async function fedcmParameters(
  ctx: Context,
  request: Call,
): Promise<{ providers: Provider[]; cookies: string[] } | undefined> {
  const providers = browserProviders(ctx)
  if (providers.length === 0) return undefined
  const nonce = ctx.random.token(43)
  const kept = { flowName: 'login' as const, provider: '', secrets: {}, traits: {}, transientPayload: {} }
  const cookies = await keepPending(ctx, request, { flow: { id: '' }, state: nonce, isBound: true, kept })
  return { cookies, providers: providers.map((config) => parametersOf(config, nonce)) }
}

function parametersOf({ client_id, fedcm_config_url, scope }: ProviderConfig, nonce: string): Provider {
  return {
    ...(fedcm_config_url && { config_url: fedcm_config_url }),
    client_id,
    nonce,
    // Newer browsers take the nonce here.
    parameters: { nonce, ...(scope.length > 0 && { scope: scope.join(' ') }) },
  }
}

/**
 * Verifies a token that a browser got from a provider. Its nonce has to be one that this browser was given, and works
 * once. Throws 400 if it is not valid.
 */
export async function provenByBrowser(
  ctx: Context,
  request: Call,
  { token, nonce }: { token: string; nonce: string },
): Promise<Proven> {
  const config = issuingProvider(ctx, token)
  const provider = providerOf(config)
  const verify = provider.verifyBrowserToken ?? provider.verifyIdToken
  if (!verify) throw unknownToken()
  const vouched = await verify(callTo(ctx, config), token)
  const own = vouched.claims.nonce
  if (!own || (nonce && !sameText(nonce, own)))
    throw ApiError.badRequest({ reason: 'The nonce of the token does not fit.' })
  const pending = await findPending(ctx, own)
  if (pending.provider !== '') throw unknownToken()
  requireOwnBrowser(ctx, request, pending)
  await takePending(ctx, pending)
  return { config, vouched }
}

/** The provider whose issuer the token names; one that is no JSON Web Token is of a provider with opaque tokens. */
function issuingProvider(ctx: Context, token: string): ProviderConfig {
  const issuer = issuerIn(token)
  const found = browserProviders(ctx).find((config) => providerOf(config).issuerOf?.(config) === issuer)
  if (!found) throw unknownToken()
  return found
}

function issuerIn(token: string): string | undefined {
  try {
    return decodeJwt(token).iss ?? ''
  } catch {
    return undefined
  }
}

function unknownToken(): ApiError {
  return ApiError.badRequest({ reason: 'The token is not of a sign-in provider that is configured for browsers.' })
}
