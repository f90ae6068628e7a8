import { timestamp } from '../../kernel/clock.ts'
import type { Flow } from './flow.ts'

/** A flow as the API writes it; settings flows get their identity beside it. */
export function flowView(flow: Flow, identity?: object): Record<string, unknown> {
  const login = flow.name === 'login'
  return {
    id: flow.id,
    ...((login || flow.name === 'registration') && { organization_id: flow.organizationId ?? null }),
    type: flow.type,
    expires_at: timestamp(flow.expiresAt),
    issued_at: timestamp(flow.issuedAt),
    request_url: flow.requestUrl,
    ...(flow.returnTo && { return_to: flow.returnTo }),
    ...(flow.active && { active: flow.active }),
    ui: flow.ui,
    ...(login && { created_at: timestamp(flow.issuedAt), updated_at: timestamp(flow.updatedAt) }),
    ...(login && { refresh: flow.refresh ?? false, requested_aal: flow.aal ?? 'aal1' }),
    ...(flow.exchangeCode && { session_token_exchange_code: flow.exchangeCode }),
    state: flow.state,
    ...(identity && { identity }),
    ...(flow.schemaId && login && { identity_schema: flow.schemaId }),
    ...(flow.schemaId && flow.name === 'registration' && { identity_schema: flow.schemaId }),
    ...(flow.transientPayload && { transient_payload: flow.transientPayload }),
    ...(flow.continueWith && { continue_with: flow.continueWith }),
  }
}
