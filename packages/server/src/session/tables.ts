export interface SessionRow {
  id: string
  identity_id: string
  token_hash: string
  logout_token_hash: string
  /** 0 once revoked. */
  active: number
  aal: string
  authenticated_at: number
  issued_at: number
  expires_at: number
  /** JSON list of AuthenticationMethod. */
  methods: string
  /** JSON list of Device. */
  devices: string
}

declare module '../kernel/tables.ts' {
  interface Tables {
    sessions: SessionRow
  }
}
