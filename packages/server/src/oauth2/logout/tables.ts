export interface OAuth2LogoutRequestRow {
  /** Hash of the challenge. */
  hash: string
  verifier_hash: string
  /** Of a LogoutRequest, encrypted with a key that is derived from the challenge; it contains the verifier. */
  sealed_data: string
  state: 'asked' | 'accepted' | 'rejected' | 'used'
  expires_at: number
}

declare module '../../kernel/tables.ts' {
  interface Tables {
    oauth2_logout_requests: OAuth2LogoutRequestRow
  }
}
