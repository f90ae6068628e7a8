import type { Identity as IdentityModel } from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import type { Identity, IdentityDocument } from './record.ts'

/** Returns the URL of a schema, even if it is no longer configured. */
export function schemaUrl(ctx: Context, schemaId: string): string {
  const known = ctx.config.identitySchemas.find(({ id }) => id === schemaId)
  if (known) return known.url
  return new URL(
    `schemas/${Buffer.from(schemaId).toString('base64url')}`,
    ctx.config.identity.serve.public.base_url,
  ).toString()
}

export type PublicIdentity = Omit<IdentityDocument, 'verifiable_addresses'> &
  Pick<IdentityModel, 'verifiable_addresses' | 'schema_url'>

/** Returns the part of an identity that is visible to itself. */
export function publicView(ctx: Context, { document }: Pick<Identity, 'document'>): PublicIdentity {
  // The channel of an address comes from its schema, so it is one that the API defines.
  return { ...document, schema_url: schemaUrl(ctx, document.schema_id) } as PublicIdentity
}

/** Like `publicView`, from stored JSON without parsing it. */
export function publicText(ctx: Context, document: string, schemaId: string): string {
  return headOf(ctx, schemaId) + document.slice(1)
}

/** Returns the schema ID of a stored document, which is its first member. */
export function schemaIdIn(document: string): string {
  return /^\{"schema_id":"([^"\\]*)"/.exec(document)?.[1] ?? (JSON.parse(document) as IdentityDocument).schema_id
}

/** Returns the identity ID of a stored document. Documents of earlier versions have it in another place. */
export function identityIdIn(document: string): string {
  const found = /^\{"schema_id":"[^"\\]*","id":"([^"\\]*)"/.exec(document)
  return found?.[1] ?? (JSON.parse(document) as IdentityDocument).id
}

const heads = new WeakMap<object, Map<string, string>>()

/** Returns the beginning of the JSON of an identity with this schema. */
export function headOf(ctx: Context, schemaId: string): string {
  const known = heads.get(ctx.config) ?? new Map<string, string>()
  if (known.size === 0) heads.set(ctx.config, known)
  let head = known.get(schemaId)
  if (head === undefined) {
    head = `{"schema_url":${JSON.stringify(schemaUrl(ctx, schemaId))},`
    // Limits the cache, because the number of schemas that are no longer configured is unbounded.
    if (known.size < 1000) known.set(schemaId, head)
  }
  return head
}
