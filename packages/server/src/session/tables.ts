export interface SessionRow {
  id: string
  identity_id: string
  token_hash: string
  /** 0 if revoked. */
  active: number
  aal: string
  authenticated_at: number
  issued_at: number
  expires_at: number
  /** A JSON array of AuthenticationMethod. */
  methods: string
  /** A JSON array of Device. */
  devices: string
  /** JSON of a SessionActor; null in sessions of the person. */
  act: string | null
}

declare module '../kernel/tables.ts' {
  interface Tables {
    sessions: SessionRow
  }
}
