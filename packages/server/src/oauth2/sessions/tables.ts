export interface OAuth2LoginSessionRow {
  id: string
  subject: string
  authenticated_at: number
  /** 0 if the person did not want to be remembered; then it is only known for logouts. */
  remember: number
  /** The id of the session at the identity provider that the person signed in with. */
  identity_provider_session_id: string | null
  expires_at: number
}

/** A subject identifier that the login page chose for a client (OpenID Connect Core 1.0, section 8.1). */
export interface OAuth2ForcedSubjectRow {
  client_id: string
  subject: string
  obfuscated: string
}

declare module '../../kernel/tables.ts' {
  interface Tables {
    oauth2_login_sessions: OAuth2LoginSessionRow
    oauth2_forced_subjects: OAuth2ForcedSubjectRow
  }
}
