import type { CredentialType as ApiCredentialType } from '@latchkey/api'

/** The types of credentials that are stored; the contract also names methods that store nothing. */
export type CredentialType = Exclude<ApiCredentialType, 'profile' | 'identifier_first' | 'deviceauthn'>

/** A way to sign in; `config` is of the method's own making and holds its secrets. */
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
  /** `pending`, `sent` or `completed`; an import may say something else. */
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

/** What the identity itself may see, as the API writes it but for `schema_url`. */
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

/** An identity as it is stored: one row, changed as a whole. */
export interface Identity {
  document: IdentityDocument
  /** Undefined: never set. */
  metadataAdmin: unknown
  credentials: Partial<Record<CredentialType, Credential>>
}
