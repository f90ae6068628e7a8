import type { Context } from '../kernel/context.ts'

/** A message on its way out, unsealed. */
export interface Outgoing {
  id: string
  type: 'email' | 'phone'
  recipient: string
  subject: string
  text: string
  html?: string
  templateType: string
  templateData: unknown
}

/** Hands one message over, or throws: DeliveryError where more is known, anything else counts as passing. */
export type Deliver = (ctx: Context, message: Outgoing) => Promise<void>

/** Why a message could not be handed over. The text goes into the API's `dispatches`, so it holds no secret. */
export class DeliveryError extends Error {
  override name = 'DeliveryError'
  /** Whether trying again is of no use. */
  readonly permanent: boolean
  constructor(message: string, { permanent = false, cause }: { permanent?: boolean; cause?: unknown } = {}) {
    super(message, { cause })
    this.permanent = permanent
  }
}
