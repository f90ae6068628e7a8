import type { CredentialType as ApiCredentialType } from '@latchkey/api'

/** The stored credential types; the API also lists methods without stored credentials. */
export type CredentialType = Exclude<ApiCredentialType, 'profile' | 'identifier_first' | 'deviceauthn'>

/** A credential. The contents of `config` are specific to the type and include its secrets. */
export interface Credential {
  type: CredentialType
  identifiers: string[]
  config: Record<string, unknown>
  version: number
  created_at: string
  updated_at: string
}

export interface VerifiableAddress {
  id: string
  value: string
  via: string
  verified: boolean
  /** `pending`, `sent`, or `completed`; imports may contain other values. */
  status: string
  verified_at?: string
  created_at: string
  updated_at: string
}

export interface RecoveryAddress {
  id: string
  value: string
  via: string
  created_at: string
  updated_at: string
}

/** The part of an identity that is visible to itself, in the API's format without `schema_url`. */
export interface IdentityDocument {
  id: string
  external_id?: string
  schema_id: string
  state: 'active' | 'inactive'
  state_changed_at: string
  traits: Record<string, unknown>
  verifiable_addresses?: VerifiableAddress[]
  recovery_addresses?: RecoveryAddress[]
  metadata_public: unknown
  created_at: string
  updated_at: string
  organization_id: string | null
}

/** A stored identity: one row, always written as a whole. */
export interface Identity {
  document: IdentityDocument
  /** Undefined if it was never set. */
  metadataAdmin: unknown
  credentials: Partial<Record<CredentialType, Credential>>
}
