export interface IdentityRow {
  id: string
  schema_id: string
  state: string
  external_id: string | null
  organization_id: string | null
  /** JSON: the part that is visible to the identity itself, without `schema_url`. */
  document: string
  /** JSON; null if there is none. */
  metadata_admin: string | null
  /** JSON: credentials by type, including secrets. */
  credentials: string
  /** The second factors that are set up, separated by spaces; compared with the AAL of sessions. */
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

/** A merge that can be undone. */
export interface IdentityMergeRow {
  id: string
  /** The surviving identity. */
  identity_id: string
  /** Encrypted JSON of both identities before the merge. */
  sealed_snapshot: string
  expires_at: number
}

declare module '../kernel/tables.ts' {
  interface Tables {
    identities: IdentityRow
    /** The identifiers of credentials, unique per project and credential type. */
    identity_identifiers: IdentifierRow
    /** The verifiable and recovery addresses, unique per project and kind. */
    identity_addresses: AddressRow
    identity_merges: IdentityMergeRow
  }
}
