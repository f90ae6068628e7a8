import type { Credential, CredentialType, Identity, RecoveryAddress, VerifiableAddress } from '../identity/index.ts'
import { normalizeAddress } from '../kernel/address.ts'
import type { KratosTables } from './tables.ts'
import { isTrue, jsonOf, rfcTime } from './values.ts'

/** An identity with the rows that refer to it. */
export interface KratosIdentity {
  readonly row: KratosTables['identities']
  readonly credentials: readonly KratosCredential[]
  readonly verifiable: readonly KratosTables['identity_verifiable_addresses'][]
  readonly recovery: readonly KratosTables['identity_recovery_addresses'][]
}

export interface KratosCredential {
  readonly type: CredentialType
  readonly row: KratosTables['identity_credentials']
  readonly identifiers: readonly string[]
}

/** The identity with its ids, times, metadata and credentials, which are stored in the form that Kratos uses. */
export function identityOf({ row, credentials, verifiable, recovery }: KratosIdentity): Identity {
  const updatedAt = rfcTime(row.updated_at)
  return {
    document: {
      id: row.id,
      ...(row.external_id && { external_id: row.external_id }),
      schema_id: row.schema_id,
      state: row.state === 'inactive' ? 'inactive' : 'active',
      state_changed_at: row.state_changed_at === null ? updatedAt : rfcTime(row.state_changed_at),
      traits: (jsonOf(row.traits) ?? {}) as Record<string, unknown>,
      ...(verifiable.length > 0 && { verifiable_addresses: verifiable.map(verifiableAddress) }),
      ...(recovery.length > 0 && { recovery_addresses: recovery.map(recoveryAddress) }),
      metadata_public: jsonOf(row.metadata_public) ?? null,
      created_at: rfcTime(row.created_at),
      updated_at: updatedAt,
      organization_id: row.organization_id ?? null,
    },
    metadataAdmin: jsonOf(row.metadata_admin) ?? undefined,
    credentials: Object.fromEntries(credentials.map((one) => [one.type, credentialOf(one)])),
  }
}

function credentialOf({ type, row, identifiers }: KratosCredential): Credential {
  return {
    type,
    identifiers: [...identifiers],
    config: (jsonOf(row.config) ?? {}) as Credential['config'],
    version: Number(row.version),
    created_at: rfcTime(row.created_at),
    updated_at: rfcTime(row.updated_at),
  }
}

function verifiableAddress(row: KratosTables['identity_verifiable_addresses']): VerifiableAddress {
  return {
    ...recoveryAddress(row),
    verified: isTrue(row.verified),
    status: row.status,
    ...(row.verified_at !== null && { verified_at: rfcTime(row.verified_at) }),
  }
}

function recoveryAddress(row: KratosTables['identity_recovery_addresses']): RecoveryAddress {
  return {
    id: row.id,
    value: normalizeAddress(row.via, row.value),
    via: row.via,
    created_at: rfcTime(row.created_at),
    updated_at: rfcTime(row.updated_at),
  }
}
