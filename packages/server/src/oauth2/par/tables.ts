/** A pushed authorization request (RFC 9126), by the hash of its request_uri. */
export interface OAuth2PushedRequestRow {
  hash: string
  client_id: string
  /** Of the parameters, encrypted with a key that is derived from the request_uri. */
  sealed_data: string
  /** When a browser came with it; from then on only the flow that it began reads it. */
  used_at: number | null
  expires_at: number
}

declare module '../../kernel/tables.ts' {
  interface Tables {
    oauth2_pushed_requests: OAuth2PushedRequestRow
  }
}
