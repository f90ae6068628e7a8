import type { Language } from '@latchkey/api'
import { isDeliverable } from '../kernel/address.ts'
import type { Context } from '../kernel/context.ts'
import { seal } from './seal.ts'
import { insertMessage } from './store.ts'
import { requestDomain } from './templates/domain.ts'
import { render } from './templates/render.ts'
import type { TemplateData, TemplateType } from './templates/types.ts'

declare module '../kernel/notify.ts' {
  interface Topics {
    /** A message was queued in a project. */
    courier: { project: string }
  }
}

export interface MessageOptions {
  via: 'email' | 'sms'
  /** The recipient's language; English if unknown. */
  language?: Language
}

/**
 * Renders a message to `data.to` by the built-in templates and queues it in the caller's transaction: it is sent after
 * the commit, and never after a rollback. Custom templates are executed at its delivery (`content.ts`). Returns the
 * message's id. Throws RangeError if no message can be sent to the recipient.
 */
export async function queueMessage<T extends TemplateType>(
  ctx: Context,
  type: T,
  data: TemplateData[T],
  { via, language = 'en' }: MessageOptions,
): Promise<string> {
  if (!isDeliverable({ via, value: data.to })) throw new RangeError('no address to send to')
  const { subject, text, html } = render(type, data, { via, language, name: ctx.project.name })
  // As in Kratos, the data of emails lacks the domain.
  const stored = via === 'sms' ? { ...data, request_url_domain: requestDomain(data) } : data
  const id = ctx.random.orderedUuid()
  const now = ctx.clock.now()
  await insertMessage(ctx, {
    id,
    type: via === 'email' ? 'email' : 'phone',
    status: 'queued',
    recipient: data.to,
    subject,
    body: seal(ctx, `${id}/body`, text),
    html: html === undefined ? null : seal(ctx, `${id}/html`, html),
    template_type: type,
    template_data: seal(ctx, `${id}/template_data`, JSON.stringify(stored)),
    channel: via,
    send_count: 0,
    next_attempt_at: now,
    claimed_by: null,
    created_at: now,
    updated_at: now,
  })
  ctx.afterCommit(() => ctx.notifier.publish('courier', { project: ctx.project.id }))
  return id
}
