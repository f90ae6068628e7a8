import { ApiError, type IdentitySchema } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { NumberedPage } from '../../kernel/http/numbered-pages.ts'

/** A page of the project's identity schemas, and how many there are. */
export function listSchemas(ctx: Context, { number, size }: NumberedPage) {
  const { identitySchemas } = ctx.config
  const shown = identitySchemas.slice(number * size, (number + 1) * size)
  return {
    schemas: shown.map(({ id, document }) => ({ id, schema: asSchema(document) })),
    total: identitySchemas.length,
  }
}

/** One schema, by its id or, as its address has it, by its id in base64url. */
export function getSchema(ctx: Context, id: string) {
  const { identitySchemas } = ctx.config
  const decoded = Buffer.from(id, 'base64url').toString('utf8')
  const found = identitySchemas.find((one) => one.id === id) ?? identitySchemas.find((one) => one.id === decoded)
  if (!found) throw ApiError.notFound({ reason: 'There is no identity schema of this name.' })
  return asSchema(found.document)
}

/** A document that compiled is a JSON object. */
function asSchema(document: object): IdentitySchema {
  return document as IdentitySchema
}
