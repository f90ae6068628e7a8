export interface IdentityRow {
  id: string
  schema_id: string
  state: string
  external_id: string | null
  organization_id: string | null
  /** JSON: what the identity itself may see, without `schema_url`. */
  document: string
  /** JSON; null where there is none. */
  metadata_admin: string | null
  /** JSON: credentials by type, secrets included. */
  credentials: string
  /** The second factors that are set up, with spaces between: what a session's strength is held against. */
  second_factors: string
  created_at: number
  updated_at: number
}

export interface IdentifierRow {
  credential_type: string
  identifier: string
  identity_id: string
}

export interface AddressRow {
  /** `verification` or `recovery`. */
  kind: string
  via: string
  value: string
  identity_id: string
}

declare module '../kernel/tables.ts' {
  interface Tables {
    identities: IdentityRow
    /** Which identity signs in with what, by credential type; unique in a project. */
    identity_identifiers: IdentifierRow
    /** Which identity is reached where; unique in a project and kind. */
    identity_addresses: AddressRow
  }
}
