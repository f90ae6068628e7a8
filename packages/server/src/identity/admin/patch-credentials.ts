import { ApiError } from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { sameJson } from '../../kernel/json-value.ts'
import type { CredentialDefinition } from '../credentials/definition.ts'
import { definitionOf, emptyCredential } from '../credentials/index.ts'
import type { Credential, Identity } from '../record.ts'

const refuse = (what: string, id?: string) =>
  ApiError.badRequest({ id, reason: `The patch cannot be applied: ${what}.` })

/** Applies patched credentials. Their identifiers are derived from the traits or the connections. */
export function patchedCredentials(
  ctx: Context,
  { id, credentials: before }: { id: string; credentials: Identity['credentials'] },
  given: Record<string, unknown>,
): Identity['credentials'] {
  const after: Identity['credentials'] = {}
  for (const [type, value] of Object.entries(given)) {
    const definition = definitionOf(type)
    if (!definition || typeof value !== 'object' || value === null)
      throw refuse(`there are no credentials of the type ${type.slice(0, 50)}`)
    const stored = before[definition.type]
    after[definition.type] =
      stored && sameJson(stored, value)
        ? stored
        : patchedCredential(ctx, stored ?? emptyCredential(ctx, definition.type, id), {
            definition,
            given: value as Record<string, unknown>,
          })
  }
  return after
}

function patchedCredential(
  ctx: Context,
  before: Credential,
  { definition, given }: { definition: CredentialDefinition; given: Record<string, unknown> },
): Credential {
  if (given.type !== undefined && given.type !== before.type)
    throw refuse(`the type of the credentials ${before.type} cannot be another`)
  const config = given.config ?? {}
  if (typeof config !== 'object' || Array.isArray(config)) throw refuse(`the config of ${before.type} is no object`)
  const inside = config as Record<string, unknown>
  definition.checkConfig?.(inside, refuse)
  const identifiers = definition.identifiersIn?.(inside, refuse) ?? before.identifiers
  return { ...before, identifiers, config: inside, updated_at: timestamp(ctx.clock.now()) }
}
