import type { Context } from '../kernel/context.ts'

/** An outgoing message, decrypted. */
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

/** Delivers one message or throws. Errors other than DeliveryError count as temporary. */
export type Deliver = (ctx: Context, message: Outgoing) => Promise<void>

/** Why a delivery failed. The API returns the text in `dispatches`, so it must not contain secrets. */
export class DeliveryError extends Error {
  override name = 'DeliveryError'
  /** Whether retrying is pointless. */
  readonly permanent: boolean
  constructor(message: string, { permanent = false, cause }: { permanent?: boolean; cause?: unknown } = {}) {
    super(message, { cause })
    this.permanent = permanent
  }
}
