export interface OAuth2ClientRow {
  id: string
  name: string
  owner: string
  /** JSON of ClientMetadata. */
  metadata: string
  secret_hash: string
  /** A JSON array of hashes, the newest first. */
  rotated_secret_hashes: string
  registration_token_hash: string | null
  token_generation: number
  created_at: number
  updated_at: number
}

declare module '../../kernel/tables.ts' {
  interface Tables {
    oauth2_clients: OAuth2ClientRow
  }
}
