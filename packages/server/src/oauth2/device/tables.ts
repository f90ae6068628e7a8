/** A device authorization (RFC 8628), by the hash of its device code. */
export interface OAuth2DeviceCodeRow {
  hash: string
  /** MAC of the user code, which is short. */
  user_code_hash: string
  request_id: string
  client_id: string
  /** JSON of the requested scopes and audiences. */
  request: string
  /** Of a Grant, encrypted with a key of the installation; null until the person has granted it. */
  sealed_grant: string | null
  expires_at: number
}

declare module '../../kernel/tables.ts' {
  interface Tables {
    oauth2_device_codes: OAuth2DeviceCodeRow
  }
}
