import Type, { type Static } from 'typebox'
import { DateTime, Int64, JsonRawMessage, OneOf, Uuid } from '../schema.ts'

export type CourierMessageStatus = Static<typeof CourierMessageStatus>
export const courierMessageStatuses = ['queued', 'sent', 'processing', 'abandoned'] as const
export const CourierMessageStatus = OneOf(courierMessageStatuses, { title: 'courierMessageStatus' })

export type CourierMessageType = Static<typeof CourierMessageType>
export const CourierMessageType = OneOf(['email', 'phone'], { title: 'courierMessageType' })

export type MessageDispatch = Static<typeof MessageDispatch>
export const MessageDispatch = Type.Object(
  {
    id: Uuid,
    message_id: Uuid,
    status: OneOf(['failed', 'success']),
    created_at: DateTime,
    updated_at: DateTime,
    error: Type.Optional(JsonRawMessage),
  },
  { title: 'messageDispatch' },
)

export type Message = Static<typeof Message>
export const Message = Type.Object(
  {
    id: Uuid,
    status: CourierMessageStatus,
    type: CourierMessageType,
    recipient: Type.String(),
    body: Type.String(),
    subject: Type.String(),
    template_type: OneOf([
      'recovery_invalid',
      'recovery_valid',
      'recovery_code_invalid',
      'recovery_code_valid',
      'verification_invalid',
      'verification_valid',
      'verification_code_invalid',
      'verification_code_valid',
      'stub',
      'login_code_valid',
      'registration_code_valid',
      'verifiable_address_changed',
      'authenticator_key_added',
    ]),
    send_count: Int64,
    created_at: DateTime,
    updated_at: DateTime,
    channel: Type.Optional(Type.String()),
    dispatches: Type.Optional(Type.Array(MessageDispatch)),
  },
  { title: 'message' },
)
