import type { Context } from '../kernel/context.ts'
import type { Identity, IdentityDocument } from './record.ts'

/** The address of an identity's schema; also for one that is no longer configured. */
export function schemaUrl(ctx: Context, schemaId: string): string {
  const known = ctx.config.identitySchemas.find(({ id }) => id === schemaId)
  if (known) return known.url
  return new URL(`schemas/${Buffer.from(schemaId).toString('base64url')}`, ctx.config.identity.serve.public.base_url).toString()
}

/** An identity as it may see itself. */
export function publicView(ctx: Context, { document }: Identity): IdentityDocument & { schema_url: string } {
  return { ...document, schema_url: schemaUrl(ctx, document.schema_id) }
}

/** The same from stored JSON, without parsing it. */
export function publicText(ctx: Context, document: string, schemaId: string): string {
  return `{"schema_url":${JSON.stringify(schemaUrl(ctx, schemaId))},${document.slice(1)}`
}
