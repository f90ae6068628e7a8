import type { Context } from '../../kernel/context.ts'
import type { Client } from '../clients/client.ts'
import { appendPath } from '../config/urls.ts'

/** RFC 9126, section 2.2. */
export const requestUriPrefix = 'urn:ietf:params:oauth:request_uri:'

export function pushedRequestEndpoint({ config }: Pick<Context, 'config'>): string {
  return appendPath(config.oauth2.urls.self.public, 'oauth2/par')
}

/** Whether a client may not come without a pushed request (RFC 9126, sections 5 and 6). */
export function mustPush({ config }: Pick<Context, 'config'>, { metadata }: Client): boolean {
  return config.oauth2.oauth2.pushed_requests.required || metadata.require_pushed_authorization_requests === true
}

interface PushedRequestMetadata {
  pushed_authorization_request_endpoint?: string
  require_pushed_authorization_requests?: true
}

/** RFC 9126, section 5. */
export function pushedRequestMetadata(ctx: Pick<Context, 'config'>): PushedRequestMetadata {
  const { enabled, required } = ctx.config.oauth2.oauth2.pushed_requests
  if (!enabled) return {}
  return {
    pushed_authorization_request_endpoint: pushedRequestEndpoint(ctx),
    ...(required && { require_pushed_authorization_requests: true }),
  }
}
