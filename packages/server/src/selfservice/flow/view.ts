import type { Identity, LoginFlow, RecoveryFlow, RegistrationFlow, SettingsFlow, VerificationFlow } from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { FlowName, FlowOf } from './flow.ts'

/** The API representation of each flow. */
export interface FlowViews {
  login: LoginFlow
  registration: RegistrationFlow
  recovery: RecoveryFlow
  verification: VerificationFlow
  settings: SettingsFlow
}

export type AnyFlowView = FlowViews[FlowName]

/** Converts a flow to its API representation; settings flows include their identity. */
export function flowView<Name extends FlowName>(flow: FlowOf<Name>, identity?: Identity): FlowViews[Name] {
  const isLogin = flow.name === 'login'
  const hasSchema = isLogin || flow.name === 'registration'
  const view = {
    id: flow.id,
    ...(hasSchema && { organization_id: flow.organizationId ?? null }),
    type: flow.type,
    expires_at: timestamp(flow.expiresAt),
    issued_at: timestamp(flow.issuedAt),
    request_url: flow.requestUrl,
    ...(flow.loginChallenge !== undefined && {
      oauth2_login_challenge: flow.loginChallenge,
      ...(flow.loginRequest && { oauth2_login_request: flow.loginRequest }),
    }),
    ...(flow.returnTo && { return_to: flow.returnTo }),
    ...(flow.active && { active: flow.active }),
    ui: flow.ui,
    ...(isLogin && { created_at: timestamp(flow.issuedAt), updated_at: timestamp(flow.updatedAt) }),
    ...(isLogin && { refresh: flow.refresh ?? false, requested_aal: flow.aal ?? 'aal1' }),
    ...(flow.exchangeCode && { session_token_exchange_code: flow.exchangeCode }),
    state: flow.state,
    ...(identity && { identity }),
    ...(flow.schemaId && hasSchema && { identity_schema: flow.schemaId }),
    ...(flow.transientPayload && { transient_payload: flow.transientPayload }),
    ...(isLogin && flow.testContext && { test_context: flow.testContext }),
    ...(flow.continueWith && { continue_with: flow.continueWith }),
  }
  // All flows share one record; the possible states and methods depend on the flow's name.
  return view as unknown as FlowViews[Name]
}
