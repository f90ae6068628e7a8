import { errorMessages } from './messages.error.ts'
import { infoMessages } from './messages.info.ts'

export type { ContextKind, UiMessage } from './message.ts'

/** Every message that the pages of a flow can carry: Ory's ids, types and context keys, our own wording. */
export const messages = { ...infoMessages, ...errorMessages } as const

export type MessageId = keyof typeof messages
