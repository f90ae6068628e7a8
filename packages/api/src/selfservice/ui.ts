import Type, { type Static } from 'typebox'
import { AnyObject, OneOf } from '../schema.ts'

export type UiText = Static<typeof UiText>
/** A message or label; its id and context say what it means, its text is the English wording. */
export const UiText = Type.Object(
  {
    id: Type.Integer({ format: 'int64' }),
    text: Type.String(),
    type: OneOf(['info', 'error', 'success']),
    context: Type.Optional(AnyObject()),
  },
  { title: 'uiText' },
)
