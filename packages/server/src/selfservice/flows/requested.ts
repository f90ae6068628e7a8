import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'

/** The identity schema that a new flow asks for; only those that the configuration offers. */
export function selectedSchema(ctx: Context, call: Call): string | undefined {
  const asked = call.search.get('identity_schema')
  if (!asked) return undefined
  const schema = ctx.config.identitySchemas.find(({ id }) => id === asked)
  if (!schema?.selfserviceSelectable) throw ApiError.badRequest({ reason: 'This identity schema cannot be chosen.' })
  return schema.id
}

/** The schema of a flow: the one asked for, else the default one. */
export function schemaOf(ctx: Context, flow: { schemaId?: string }): string {
  return flow.schemaId ?? ctx.config.identity.identity.default_schema_id
}

/** An OAuth2 request can be served only where an OAuth2 server is configured. */
export function refuseLoginChallenge(call: Call): void {
  if (!call.search.get('login_challenge')) return
  throw ApiError.badRequest({
    id: 'invalid_configuration',
    reason: 'A login_challenge was given, but no OAuth2 provider is configured.',
  })
}
