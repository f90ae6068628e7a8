import type { Identity as IdentityModel } from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import type { Identity, IdentityDocument } from './record.ts'

/** The address of an identity's schema; also for one that is no longer configured. */
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

/** An identity as it may see itself. */
export function publicView(ctx: Context, { document }: Pick<Identity, 'document'>): PublicIdentity {
  // An address has the channel that its schema names, which is one of the contract's.
  return { ...document, schema_url: schemaUrl(ctx, document.schema_id) } as PublicIdentity
}

/** The same from stored JSON, without parsing it. */
export function publicText(ctx: Context, document: string, schemaId: string): string {
  return headOf(ctx, schemaId) + document.slice(1)
}

/** The schema of a stored document, which begins with it. */
export function schemaIdIn(document: string): string {
  return /^\{"schema_id":"([^"\\]*)"/.exec(document)?.[1] ?? (JSON.parse(document) as IdentityDocument).schema_id
}

const heads = new WeakMap<object, Map<string, string>>()

/** What an identity of a schema begins with. */
export function headOf(ctx: Context, schemaId: string): string {
  const known = heads.get(ctx.config) ?? new Map<string, string>()
  if (known.size === 0) heads.set(ctx.config, known)
  let head = known.get(schemaId)
  if (head === undefined) {
    head = `{"schema_url":${JSON.stringify(schemaUrl(ctx, schemaId))},`
    // Schemas that are no longer configured are few, but nothing says so.
    if (known.size < 1000) known.set(schemaId, head)
  }
  return head
}
