import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'

/** The identity schema that a new flow asks for; only those that the configuration offers. */
export function selectedSchema(ctx: Context, asked: string | undefined): string | undefined {
  if (!asked) return undefined
  const schema = ctx.config.identitySchemas.find(({ id }) => id === asked)
  if (!schema?.selfserviceSelectable) throw ApiError.badRequest({ reason: 'This identity schema cannot be chosen.' })
  return schema.id
}

/** The schema of a flow: the one asked for, else the default one. */
export function schemaOf(ctx: Context, flow: { schemaId?: string }): string {
  return flow.schemaId ?? ctx.config.identity.identity.default_schema_id
}
