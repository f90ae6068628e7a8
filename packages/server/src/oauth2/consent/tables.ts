export interface OAuth2ConsentRow {
  /** The id of the consent request; the tokens that it led to have it as their request. */
  id: string
  /** The id of the login request, or of the device challenge: it leads to one consent at most. */
  flow_id: string
  subject: string
  client_id: string
  login_session_id: string
  /** The flow at the time of the consent, as JSON. */
  flow: string
  remember: number
  skip: number
  requested_at: number
  /** When it stops being remembered; null if never. */
  expires_at: number | null
}

declare module '../../kernel/tables.ts' {
  interface Tables {
    oauth2_consents: OAuth2ConsentRow
  }
}
