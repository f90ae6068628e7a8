import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { compileIdentitySchema, type IdentitySchemaValidator } from './compile.ts'

/** The compiled schema with this id. Throws 400 if the configuration has none. */
export function compiledSchema(ctx: Context, schemaId: string): IdentitySchemaValidator {
  const schema = ctx.config.identitySchemas.find(({ id }) => id === schemaId)
  if (!schema) throw ApiError.badRequest({ reason: `There is no identity schema called ${schemaId}.` })
  return compileIdentitySchema(schema.document)
}
