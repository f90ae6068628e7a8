import type { CourierMessageStatus } from '@latchkey/api'

export interface CourierMessageRow {
  id: string
  type: 'email' | 'phone'
  /**
   * `processing` means claimed: the claim expires at `next_attempt_at`, after which the message can be claimed again.
   */
  status: CourierMessageStatus
  recipient: string
  subject: string
  /** This, `html` and `template_data` are encrypted, and cleared after delivery unless the mailbox shows them. */
  body: string
  html: string | null
  template_type: string
  template_data: string | null
  channel: string | null
  send_count: number
  next_attempt_at: number
  claimed_by: string | null
  created_at: number
  updated_at: number
}

export interface CourierDispatchRow {
  id: string
  message_id: string
  status: 'success' | 'failed'
  /** JSON. */
  error: string | null
  created_at: number
  updated_at: number
}

declare module '../kernel/tables.ts' {
  interface Tables {
    courier_messages: CourierMessageRow
    courier_dispatches: CourierDispatchRow
  }
}
