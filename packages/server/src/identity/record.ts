import { secondFactors } from './second-factors.ts'
import type { IdentityRow } from './tables.ts'

export type CredentialType =
  | 'password'
  | 'code'
  | 'oidc'
  | 'saml'
  | 'totp'
  | 'lookup_secret'
  | 'webauthn'
  | 'passkey'
  | 'link_recovery'
  | 'code_recovery'

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

export function fromRow(row: Pick<IdentityRow, 'document' | 'metadata_admin' | 'credentials'>): Identity {
  return {
    document: JSON.parse(row.document),
    metadataAdmin: row.metadata_admin === null ? undefined : JSON.parse(row.metadata_admin),
    credentials: JSON.parse(row.credentials),
  }
}

export function toRow(identity: Identity): IdentityRow {
  const { document } = identity
  return {
    id: document.id,
    schema_id: document.schema_id,
    state: document.state,
    external_id: document.external_id ?? null,
    organization_id: document.organization_id,
    // The schema's id comes first, where listings look for it.
    document: JSON.stringify(inOrder(document)),
    metadata_admin: identity.metadataAdmin === undefined ? null : JSON.stringify(identity.metadataAdmin),
    credentials: JSON.stringify(identity.credentials),
    second_factors: secondFactors(identity).join(' '),
    created_at: Date.parse(document.created_at),
    updated_at: Date.parse(document.updated_at),
  }
}

function inOrder({ schema_id, ...rest }: IdentityDocument): IdentityDocument {
  return { schema_id, ...rest }
}
