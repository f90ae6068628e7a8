export interface FlowRow {
  id: string
  type: string
  /** JSON of a Flow. */
  data: string
  /** Wrong codes so far. */
  attempts: number
  expires_at: number
  /** JSON of the steps so far (`flow/steps.ts`). */
  steps?: string | null
}

export interface CodeRow {
  id: string
  flow_id: string | null
  purpose: string
  hash: string
  identity_id: string | null
  via: string
  address: string
  expires_at: number
  used_at: number | null
}

export interface FlowErrorRow {
  id: string
  error: string
  created_at: number
  flow_id?: string | null
  /** JSON of the flow with its steps, and of the ID of the request. */
  explanation?: string | null
}

export interface SessionExchangeRow {
  id: string
  flow_id: string
  init_hash: string
  return_to_hash: string
  session_id: string | null
  sealed_token: string | null
  expires_at: number
}

/** A challenge that an authenticator has answered, and that no answer is accepted to again. */
export interface SpentChallengeRow {
  challenge: string
  expires_at: number
}

/** A sign-in that goes on at a provider. */
export interface AuthorizationRequestRow {
  state_hash: string
  flow_id: string
  /** The hash of the cookie of the browser that it belongs to; null if a flow of an app goes on in any browser. */
  browser_hash: string | null
  sealed_data: string
  expires_at: number
  used_at: number | null
}

/** A change of an identity that waits for the verification of its new address. */
export interface PendingChangeRow {
  identity_id: string
  session_id: string
  /** The verification flow. */
  flow_id: string
  settings_flow_id: string
  via: string
  value: string
  /** The hash of the traits that the change was made to. */
  traits_hash: string
  /** JSON of the changed members of the identity. */
  changes: string
  expires_at: number
}

declare module '../kernel/tables.ts' {
  interface Tables {
    flows: FlowRow
    codes: CodeRow
    flow_errors: FlowErrorRow
    session_exchanges: SessionExchangeRow
    spent_challenges: SpentChallengeRow
    authorization_requests: AuthorizationRequestRow
    pending_changes: PendingChangeRow
  }
}
