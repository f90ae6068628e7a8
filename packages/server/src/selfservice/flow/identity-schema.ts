import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'

/** Validates the identity schema requested for a new flow: it must be the default one or configured as selectable. */
export function selectedSchema(ctx: Context, asked: string | undefined): string | undefined {
  if (!asked) return undefined
  const schema = ctx.config.identitySchemas.find(({ id }) => id === asked)
  const isDefault = asked === ctx.config.identity.identity.default_schema_id
  if (!schema || !(isDefault || schema.selfserviceSelectable))
    throw ApiError.badRequest({ reason: 'This identity schema cannot be chosen.' })
  return schema.id
}

/** The schema of a flow: the requested or the default one. */
export function schemaOf(ctx: Context, flow: { schemaId?: string }): string {
  return flow.schemaId ?? ctx.config.identity.identity.default_schema_id
}
