import type { Context } from '../kernel/context.ts'
import { outgoingHeaders } from '../kernel/outgoing-headers.ts'
import { DeliveryError, type Outgoing } from './channel.ts'
import { type RequestConfig, requestBody } from './request-body.ts'

const timeoutMs = 10_000
const maxAnswerBytes = 64 * 1024

/**
 * Delivers a message to an HTTP service: as the Jsonnet of the request makes it, or as JSON with the fields that Kratos
 * passes to the Jsonnet. Any 2xx status means success.
 */
export async function deliverByHttp(ctx: Context, message: Outgoing, config: RequestConfig): Promise<void> {
  if (!config.url) throw new DeliveryError('courier.http.request_config.url is not configured')
  const body = await requestBody(ctx, config, {
    recipient: message.recipient,
    subject: message.subject,
    body: message.text,
    ...(message.html === undefined ? {} : { html_body: message.html }),
    template_type: message.templateType,
    template_data: message.templateData,
    message_type: message.type === 'phone' ? 'sms' : 'email',
  })
  const answer = await ctx
    .fetch(config.url, {
      method: config.method,
      headers: outgoingHeaders(config),
      body,
      timeoutMs,
      maxBytes: maxAnswerBytes,
      maxRedirects: 0,
    })
    .catch((cause: unknown) => {
      throw new DeliveryError('the HTTP service cannot be reached', { cause })
    })
  if (answer.status < 200 || answer.status > 299)
    throw new DeliveryError(`the HTTP service answered with status ${answer.status}`)
}
