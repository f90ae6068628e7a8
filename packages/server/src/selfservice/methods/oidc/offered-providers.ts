import { ApiError, type UiNode, type UiText } from '@latchkey/api'
import type { Connection, Identity } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { publicUrl } from '../../flow/urls.ts'
import { input } from '../../ui/nodes.ts'
import type { ProviderConfig } from './config.ts'
import { providerOf } from './providers/index.ts'
import type { ProviderCall } from './providers/provider.ts'

const callbackPath = 'self-service/methods/oidc/callback'

/** The providers that are offered; those of an organization are not. */
export function offeredProviders(ctx: Context): readonly ProviderConfig[] {
  return configuredProviders(ctx).filter(({ organization_id: organization }) => !organization)
}

function configuredProviders(ctx: Context): readonly ProviderConfig[] {
  return ctx.config.identity.selfservice.methods.oidc.config.providers
}

export function findProvider(ctx: Context, id: string): ProviderConfig | undefined {
  return offeredProviders(ctx).find((one) => one.id === id)
}

/** Throws 404 if there is no such provider. */
export function requireProvider(ctx: Context, id: string): ProviderConfig {
  const found = findProvider(ctx, id)
  if (!found) throw ApiError.notFound({ reason: 'There is no such sign-in provider.' })
  return found
}

export function providerName({ id, label }: ProviderConfig): string {
  return label || id
}

/** The connections of an identity to providers. */
export function connectionsOf({ credentials }: Pick<Identity, 'credentials'>): Connection[] {
  const list = credentials.oidc?.config.providers
  return Array.isArray(list) ? list : []
}

/** The providers that an identity is connected to, of those that are offered. */
export function linkedProviders(ctx: Context, identity: Pick<Identity, 'credentials'>): readonly ProviderConfig[] {
  const linked = new Set(connectionsOf(identity).map(({ provider }) => provider))
  return offeredProviders(ctx).filter(({ id }) => linked.has(id))
}

/** The button of a provider. */
export function providerButton(name: 'provider' | 'link' | 'unlink', { id }: ProviderConfig, label: UiText): UiNode {
  return input(name, 'oidc', 'submit', { value: id, label })
}

/**
 * How a provider is spoken to. As in Kratos, a provider with `pkce: force` sends the browser back to an address without
 * its id, so that an authorization that was made without PKCE cannot be used.
 */
export function callTo(ctx: Context, config: ProviderConfig): ProviderCall {
  const { base_redirect_uri: own } = ctx.config.identity.selfservice.methods.oidc.config
  const base = own ? `${own.replace(/\/$/, '')}/${callbackPath}` : publicUrl(ctx, callbackPath).toString()
  const isForced = config.pkce === 'force' || (config.pkce === 'auto' && providerOf(config).forcesPkce)
  const redirectUri = isForced ? base : `${base}/${encodeURIComponent(config.id)}`
  return { ctx, config, redirectUri }
}
