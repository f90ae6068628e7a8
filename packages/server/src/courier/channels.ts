import type { Context } from '../kernel/context.ts'
import { type Deliver, DeliveryError } from './channel.ts'
import { deliverByHttp } from './http.ts'
import { createSmtpSender, type SmtpConfig, type SmtpSender } from './smtp.ts'

/** The delivery channels of this process. */
export interface Channels {
  deliver: Deliver
  close(): void
}

/** Selects the channel for each message from its project's configuration, and keeps SMTP connections open. */
export function createChannels(): Channels {
  const senders = new Map<string, { config: SmtpConfig; sender: SmtpSender }>()

  const senderOf = (ctx: Context): SmtpSender => {
    const config = ctx.config.identity.courier.smtp
    const known = senders.get(ctx.project.id)
    if (known?.config === config) return known.sender
    known?.sender.close()
    const sender = createSmtpSender(config, { publicOnly: ctx.config.identity.clients.smtp.disallow_private_ip_ranges })
    senders.set(ctx.project.id, { config, sender })
    return sender
  }

  return {
    async deliver(ctx, message) {
      const { delivery_strategy, http, channels } = ctx.config.identity.courier
      if (message.type === 'phone') {
        const sms = channels.find(({ id }) => id === 'sms')
        if (sms) return deliverByHttp(ctx, message, sms.request_config)
      } else {
        if (delivery_strategy === 'smtp') return senderOf(ctx).send(ctx, message)
        if (delivery_strategy === 'http' && http.request_config) return deliverByHttp(ctx, message, http.request_config)
      }
      // The development mailbox shows stored messages, so there is nothing to deliver.
      if (delivery_strategy === 'mailbox') return
      throw new DeliveryError(`no channel is configured for messages of type ${message.type}`)
    },
    close() {
      for (const { sender } of senders.values()) sender.close()
      senders.clear()
    },
  }
}
