import type { Identity } from '../../identity/index.ts'
import { bodyBySnippet, hasSnippet } from '../../kernel/jsonnet/body-snippets.ts'
import { outgoingHeaders } from '../../kernel/outgoing-headers.ts'
import type { WebHookConfig } from '../hooks.config.ts'
import { allData, harmlessData, type Occasion } from '../outgoing/data.ts'
import type { OutgoingRequest } from '../outgoing/delivery.ts'

/**
 * The request of a web hook. Its body is what the configured Jsonnet makes of the data, or the flow, the identity and
 * parts of the client's request as JSON. Returns undefined if the Jsonnet cancels it. All attempts carry the same
 * `Ory-Webhook-Trigger-ID`, as in Kratos, so that a receiver recognizes a repetition.
 */
export async function hookRequest(
  at: Occasion,
  config: WebHookConfig,
  identity: Identity | undefined,
): Promise<OutgoingRequest | undefined> {
  const method = config.method.toUpperCase()
  const body = await bodyOf(at, config, { method, identity })
  if (body === undefined) return undefined
  return {
    url: config.url,
    name: hookName(config),
    flow: at.flow.name,
    init: {
      method,
      headers: { ...outgoingHeaders(config), 'ory-webhook-trigger-id': at.ctx.random.uuid() },
      ...(body !== '' && { body }),
    },
  }
}

/** Identifies a web hook in logs. */
export function hookName({ id, url }: WebHookConfig): string {
  return id ?? new URL(url).host
}

/** Empty if the method has no body (RFC 9110, section 9.3); undefined if the Jsonnet cancels the request. */
async function bodyOf(
  at: Occasion,
  config: WebHookConfig,
  { method, identity }: { method: string; identity: Identity | undefined },
): Promise<string | undefined> {
  if (method === 'TRACE') return ''
  if (hasSnippet(config)) return bodyBySnippet(at.ctx, config, allData(at, identity))
  return ['GET', 'HEAD'].includes(method) ? '' : JSON.stringify(harmlessData(at, identity))
}
