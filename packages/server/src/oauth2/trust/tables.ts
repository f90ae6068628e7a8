/** An issuer whose assertions are accepted, for one subject or for all of them. */
export interface OAuth2TrustedIssuerRow {
  id: string
  /** Also the name of the set that contains its key. */
  issuer: string
  key_id: string
  /** Empty if any subject is accepted. */
  subject: string
  any_subject: number
  /** JSON: a list of scopes. */
  scope: string
  created_at: number
  expires_at: number
}

declare module '../../kernel/tables.ts' {
  interface Tables {
    oauth2_trusted_issuers: OAuth2TrustedIssuerRow
  }
}
