import { ApiError, type UiText } from '@latchkey/api'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import {
  compiledSchema,
  deriveFromTraits,
  type Identity,
  type IdentityDocument,
  violationMessages,
} from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { Answer } from '../../kernel/fetch.ts'
import { parseJson } from '../../kernel/http/index.ts'
import { verifiedIdentity, withAddress } from '../flow/address-status.ts'
import { FlowError } from '../flow/flow.ts'

/** Changes an identity as hooks want it; the same object where they change nothing. */
export type IdentityChange = (identity: Identity) => Identity

const Message = Type.Object({
  id: Type.Integer(),
  text: Type.String({ maxLength: 2000 }),
  type: Type.Optional(Type.String()),
  context: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})
const Refusal = Type.Object({
  messages: Type.Array(
    Type.Object({ instance_ptr: Type.Optional(Type.String()), messages: Type.Array(Message, { maxItems: 50 }) }),
    {
      minItems: 1,
      maxItems: 50,
    },
  ),
})

const Json = Type.Record(Type.String(), Type.Unknown())
const Address = Type.Object({
  via: Type.String(),
  value: Type.String(),
  verified: Type.Boolean(),
  status: Type.Optional(Type.Union([Type.Literal('pending'), Type.Literal('sent'), Type.Literal('completed')])),
})
const Wanted = Type.Object({
  identity: Type.Optional(
    Type.Object({
      schema_id: Type.Optional(Type.String()),
      traits: Type.Optional(Json),
      state: Type.Optional(Type.Union([Type.Literal('active'), Type.Literal('inactive')])),
      metadata_public: Type.Optional(Json),
      metadata_admin: Type.Optional(Json),
      external_id: Type.Optional(Type.String({ maxLength: 1024 })),
      verifiable_addresses: Type.Optional(Type.Array(Address, { maxItems: 200 })),
    }),
  ),
})
type WantedAddress = Static<typeof Address>
type WantedIdentity = NonNullable<Static<typeof Wanted>['identity']>

/** The error of a hook that refuses: messages beside the fields that it names, as Kratos reads them; 400 without any. */
export function refusal(answer: Answer): Error {
  const body = parseAnswer(answer)
  if (!Value.Check(Refusal, body)) return ApiError.badRequest({ reason: 'A web hook refused this.' })
  const all = body.messages.flatMap(({ instance_ptr: pointer, messages }) =>
    messages.map((message) => ({ field: fieldAt(pointer ?? ''), message: uiMessage(message) })),
  )
  return new FlowError({
    messages: all.filter(({ field }) => field === '').map(({ message }) => message),
    fields: all.filter(({ field }) => field !== ''),
  })
}

/** What a hook that is heeded wants changed of the identity. Throws 502 where that cannot be read. */
export function changeAsked(ctx: Context, answer: Answer): IdentityChange | undefined {
  if (answer.status !== 200 || answer.text.trim() === '') return undefined
  const body = parseAnswer(answer)
  if (!Value.Check(Wanted, body)) throw ApiError.upstream('A web hook gave an answer that cannot be used.')
  const { identity: wanted } = body
  return wanted && ((identity) => changeIdentity(ctx, identity, wanted))
}

function parseAnswer({ text }: Answer): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

/** `#/traits/email` is the field `traits.email`; the root is the form itself. */
function fieldAt(pointer: string): string {
  const parts = pointer.replace(/^#?\/?/, '').split('/')
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).join('.')
}

function uiMessage({ id, text, type, context }: Static<typeof Message>): UiText {
  return { id, text, type: type === 'error' ? 'error' : 'info', ...(context && { context }) } as UiText
}

function changeIdentity(ctx: Context, identity: Identity, wanted: WantedIdentity): Identity {
  const { schema_id, traits, state, metadata_public, metadata_admin, external_id } = wanted
  if (schema_id && !ctx.config.identitySchemas.some(({ id }) => id === schema_id))
    throw ApiError.upstream('A web hook asked for an identity schema that is not configured.')
  const members = { schema_id: schema_id || undefined, traits, state, metadata_public, external_id }
  const given = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
  let next: Identity = { ...identity, document: { ...identity.document, ...given } as IdentityDocument }
  if (metadata_admin) next = { ...next, metadataAdmin: metadata_admin }
  if (traits || schema_id) next = withValidTraits(ctx, next)
  return (wanted.verifiable_addresses ?? []).reduce((changed, address) => withStatus(ctx, changed, address), next)
}

function withValidTraits(ctx: Context, identity: Identity): Identity {
  const { schema_id: schemaId, traits } = identity.document
  const wrong = violationMessages(compiledSchema(ctx, schemaId).validate(traits))
  if (wrong.length > 0) throw new FlowError({ fields: wrong })
  return deriveFromTraits(ctx, identity)
}

/** Changes the status of an address of the identity; those that its traits do not contain are not added. */
function withStatus(ctx: Context, identity: Identity, { via, value, verified, status }: WantedAddress): Identity {
  if (verified) return verifiedIdentity(ctx, identity, via, value)
  return withAddress(identity, via, value, ({ verified_at: _, ...address }) => ({
    ...address,
    verified: false,
    status: status && status !== 'completed' ? status : 'pending',
  }))
}
