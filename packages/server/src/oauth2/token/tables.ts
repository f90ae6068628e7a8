/** An authorization code (RFC 6749, section 4.1), by its hash. */
export interface OAuth2CodeRow {
  hash: string
  request_id: string
  client_id: string
  /** Of an AuthorizedCode, encrypted with a key that is derived from the code. */
  sealed_data: string
  used_at: number | null
  expires_at: number
}

/** An access token, by its hash. */
export interface OAuth2AccessTokenRow {
  hash: string
  request_id: string
  client_id: string
  /** Of a Grant, encrypted with a key that is derived from the token. */
  sealed_data: string
  expires_at: number
}

/** A refresh token, by its hash. */
export interface OAuth2RefreshTokenRow {
  hash: string
  request_id: string
  client_id: string
  /** Of a Grant, encrypted with a key that is derived from the token. */
  sealed_data: string
  /** The access token that was issued together with it. */
  access_hash: string | null
  /** When it was first used; then it is only good for the grace period. */
  used_at: number | null
  used_times: number
  /** The response to its first use, encrypted with a key that is derived from the token. */
  sealed_response: string | null
  /** The largest integer if it never expires. */
  expires_at: number
}

/** The id of a JSON Web Token that was used, by the hash of its issuer and id. */
export interface OAuth2JwtIdRow {
  hash: string
  expires_at: number
}

declare module '../../kernel/tables.ts' {
  interface Tables {
    oauth2_codes: OAuth2CodeRow
    oauth2_access_tokens: OAuth2AccessTokenRow
    oauth2_refresh_tokens: OAuth2RefreshTokenRow
    oauth2_jwt_ids: OAuth2JwtIdRow
  }
}
