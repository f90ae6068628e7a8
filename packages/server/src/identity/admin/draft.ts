import { ApiError, type CreateIdentityBody } from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { newIdentity } from '../create.ts'
import { normalizeIdentifier } from '../normalize.ts'
import type { Identity, IdentityDocument, VerifiableAddress } from '../record.ts'
import { type Violation, violationReason } from '../schemas/index.ts'
import { compiledSchema } from '../schemas/registry.ts'
import { type PreparedImport, withImport } from './import.ts'

/** Any member may be absent or null, which are equivalent, as in Go. */
export type GivenIdentity = Partial<CreateIdentityBody>

/** Throws 400 for errors that can be detected without a schema. */
export function checkGiven(body: Pick<GivenIdentity, 'state' | 'external_id'>): void {
  if (body.state) stateOf(body.state)
  const externalId = body.external_id ?? ''
  if (externalId.includes('\0') || Buffer.byteLength(externalId) > 1024) {
    throw ApiError.badRequest({ reason: 'The external id may have at most 1024 bytes, and no NUL.' })
  }
}

export function stateOf(text: string): IdentityDocument['state'] {
  if (text === 'active' || text === 'inactive') return text
  throw ApiError.badRequest({ reason: 'The state must be active or inactive.' })
}

/** The ID of the given schema, or of the default schema if none is given. */
export function schemaIdOf(ctx: Context, given: string | null | undefined): string {
  return given || ctx.config.identity.identity.default_schema_id
}

/** Validates traits against their schema; throws 400 with the first violation. */
export function validTraits(ctx: Context, schemaId: string, traits: unknown): Record<string, unknown> {
  const schema = compiledSchema(ctx, schemaId)
  if (typeof traits !== 'object' || traits === null || Array.isArray(traits)) {
    throw ApiError.badRequest({ reason: 'The traits must be an object.' })
  }
  const violations: readonly Violation[] = schema.validate(traits)
  if (violations.length > 0)
    throw ApiError.badRequest({ reason: `The traits do not fit their schema: ${violationReason(violations)}.` })
  return traits as Record<string, unknown>
}

/** Creates an identity with valid traits, without storing it. */
export function identityOf(
  ctx: Context,
  body: GivenIdentity,
  traits: Record<string, unknown>,
  prepared: PreparedImport,
): Identity {
  const id = ctx.random.orderedUuid()
  return newIdentity(ctx, {
    id,
    schemaId: schemaIdOf(ctx, body.schema_id),
    traits,
    state: body.state ? stateOf(body.state) : 'active',
    externalId: body.external_id || undefined,
    organizationId: body.organization_id?.toLowerCase() || undefined,
    metadataPublic: body.metadata_public ?? null,
    metadataAdmin: body.metadata_admin,
    credentials: withImport(ctx, { id, credentials: {} }, prepared),
    verifiableAddresses: (body.verifiable_addresses ?? [])
      .filter((one) => one?.value && one.via)
      .map((one) => addressOf(ctx, one)),
  })
}

function addressOf(ctx: Context, given: NonNullable<GivenIdentity['verifiable_addresses']>[number]): VerifiableAddress {
  const now = timestamp(ctx.clock.now())
  const verified = given.verified === true
  return {
    id: ctx.random.uuid(),
    value: normalizeIdentifier(given.value),
    verified,
    via: given.via,
    status: given.status || (verified ? 'completed' : 'pending'),
    ...(verified && { verified_at: given.verified_at ?? now }),
    created_at: now,
    updated_at: now,
  }
}
