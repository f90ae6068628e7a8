import { ApiError } from '@latchkey/api'
import { normalizeAddress } from '../../../kernel/address.ts'
import { isTree, type Tree } from '../../../kernel/config/walk.ts'
import type { Context } from '../../../kernel/context.ts'
import { evaluateJsonnet, JsonnetError } from '../../../kernel/jsonnet/index.ts'
import type { ProviderConfig } from './config.ts'
import { mapperName, mapperOf } from './load.ts'
import { type Claims, mapperClaims } from './providers/claims.ts'

/** What a claims mapper makes of the claims of a provider. */
export interface MappedIdentity {
  readonly traits: Tree
  readonly metadataPublic?: Tree
  readonly metadataAdmin?: Tree
  /** Addresses for whose verification the operator trusts the provider. */
  readonly verified: readonly { via: string; value: string }[]
}

/**
 * Evaluates the claims mapper of a provider. Throws 500 if it fails, or if it does not return an object
 * `identity.traits`.
 */
export async function mapClaims(ctx: Context, provider: ProviderConfig, claims: Claims): Promise<MappedIdentity> {
  const result = await evaluateMapper(ctx, provider, claims).catch((error: unknown) => {
    if (!(error instanceof JsonnetError)) throw error
    ctx.log.warn({ provider: provider.id, reason: error.message }, 'the claims mapper failed')
    throw unusable(provider, 'failed')
  })
  return mappedIdentity(provider, result)
}

/**
 * What the claims mapper of a provider returns.
 * @throws JsonnetError, and UnavailableError if too many evaluations wait
 */
export async function evaluateMapper(ctx: Context, provider: ProviderConfig, claims: Claims): Promise<unknown> {
  const snippet = { name: mapperName, text: mapperOf(ctx, provider) }
  const variables = { claims: JSON.stringify(mapperClaims(claims)) }
  return JSON.parse(await evaluateJsonnet(snippet, { owner: ctx.project.id, variables }))
}

/** The identity in what a claims mapper returned. Throws 500 if it is not as it should be. */
export function mappedIdentity(provider: ProviderConfig, result: unknown): MappedIdentity {
  const { identity }: { identity?: unknown } = isTree(result) ? result : {}
  const { traits, metadata_public, metadata_admin, verified_addresses } = isTree(identity) ? identity : {}
  if (!isTree(traits)) throw unusable(provider, 'returned no object identity.traits')
  const metadataPublic = metadataOf(provider, 'metadata_public', metadata_public)
  const metadataAdmin = metadataOf(provider, 'metadata_admin', metadata_admin)
  return {
    traits,
    ...(metadataPublic && { metadataPublic }),
    ...(metadataAdmin && { metadataAdmin }),
    verified: verifiedIn(provider, verified_addresses),
  }
}

function metadataOf(provider: ProviderConfig, name: string, value: unknown): Tree | undefined {
  if (value === undefined || isTree(value)) return value
  throw unusable(provider, `returned no object identity.${name}`)
}

function verifiedIn(provider: ProviderConfig, value: unknown): { via: string; value: string }[] {
  if (value === undefined) return []
  const isList = Array.isArray(value) && value.every((one) => isTree(one) && isText(one.via) && isText(one.value))
  if (!isList) throw unusable(provider, 'returned no list identity.verified_addresses of { via, value }')
  return (value as { via: string; value: string }[]).map(({ via, value: address }) => ({
    via,
    value: normalizeAddress(via, address.trim()),
  }))
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function unusable({ id }: ProviderConfig, what: string): ApiError {
  return ApiError.internal({ reason: `The claims mapper of the sign-in provider ${id} ${what}.` })
}
