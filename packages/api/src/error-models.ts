import Type, { type Static } from 'typebox'
import { AnyObject, Int64 } from './schema.ts'

export type GenericError = Static<typeof GenericError>
export const GenericError = Type.Object(
  {
    message: Type.String(),
    code: Type.Optional(Int64),
    status: Type.Optional(Type.String()),
    id: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String()),
    request: Type.Optional(Type.String()),
    debug: Type.Optional(Type.String()),
    details: Type.Optional(AnyObject()),
  },
  { title: 'genericError' },
)

export type ErrorGeneric = Static<typeof ErrorGeneric>
export const ErrorGeneric = Type.Object({ error: GenericError }, { title: 'errorGeneric' })

export type ErrorOAuth2 = Static<typeof ErrorOAuth2>
/** RFC 6749, section 5.2. Like Hydra, errors without a code have a sentence as `error`. */
export const ErrorOAuth2 = Type.Object(
  {
    error: Type.Optional(Type.String()),
    error_debug: Type.Optional(Type.String()),
    error_description: Type.Optional(Type.String()),
    error_hint: Type.Optional(Type.String()),
    status_code: Type.Optional(Int64),
  },
  { title: 'errorOAuth2' },
)
