import { ApiError, type IdentitySchema } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { NumberedPage } from '../../kernel/http/numbered-pages.ts'

/** Returns a page of the project's identity schemas, and the total count. */
export function listSchemas(ctx: Context, { number, size }: NumberedPage) {
  const { identitySchemas } = ctx.config
  const shown = identitySchemas.slice(number * size, (number + 1) * size)
  return {
    schemas: shown.map(({ id, document }) => ({ id, schema: asSchema(document) })),
    total: identitySchemas.length,
  }
}

/** Returns a schema by ID, or by its base64url-encoded ID as in `schema_url`. */
export function getSchema(ctx: Context, id: string) {
  const { identitySchemas } = ctx.config
  const decoded = Buffer.from(id, 'base64url').toString('utf8')
  const found = identitySchemas.find((one) => one.id === id) ?? identitySchemas.find((one) => one.id === decoded)
  if (!found) throw ApiError.notFound({ reason: 'There is no identity schema of this name.' })
  return asSchema(found.document)
}

/** Compiled documents are always JSON objects. */
function asSchema(document: object): IdentitySchema {
  return document as IdentitySchema
}
