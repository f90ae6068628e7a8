import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { compileIdentitySchema, type IdentitySchemaValidator } from './compile.ts'

/** Returns the compiled schema with this ID. Throws 400 if it is not configured. */
export function compiledSchema(ctx: Context, schemaId: string): IdentitySchemaValidator {
  const schema = ctx.config.identitySchemas.find(({ id }) => id === schemaId)
  if (!schema) throw ApiError.badRequest({ reason: `There is no identity schema called ${schemaId}.` })
  return compileIdentitySchema(schema.document)
}
