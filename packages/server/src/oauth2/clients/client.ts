import type { OAuth2Client } from '@latchkey/api'
import type { OAuth2ClientRow } from './tables.ts'

/** The members of a client that are not metadata, but made by the server. */
type Made =
  | 'client_id'
  | 'client_secret'
  | 'client_secret_expires_at'
  | 'created_at'
  | 'updated_at'
  | 'registration_access_token'
  | 'registration_client_uri'

/** Metadata of a client (RFC 7591, section 2), with Hydra's additions. Lists that were not given are null. */
export type ClientMetadata = Omit<OAuth2Client, Made | ListName> & { [Name in ListName]?: string[] | null }

/** Lists that Hydra answers as null where they are set, and as empty where they are read. */
export const listNames = ['contacts', 'grant_types', 'redirect_uris', 'response_types'] as const
type ListName = (typeof listNames)[number]

/** An OAuth2 client (RFC 6749, section 2). */
export interface Client {
  readonly id: string
  readonly metadata: ClientMetadata
  readonly secretHash: string
  /** Hashes of earlier secrets that are still valid, the newest first. */
  readonly rotatedSecretHashes: readonly string[]
  /** The hash of the registration access token (RFC 7592). */
  readonly registrationTokenHash: string | null
  /** Access tokens of an earlier generation are revoked. */
  readonly tokenGeneration: number
  readonly createdAt: number
  readonly updatedAt: number
}

export function clientFromRow(row: OAuth2ClientRow): Client {
  return {
    id: row.id,
    metadata: JSON.parse(row.metadata),
    secretHash: row.secret_hash,
    rotatedSecretHashes: JSON.parse(row.rotated_secret_hashes),
    registrationTokenHash: row.registration_token_hash,
    tokenGeneration: row.token_generation,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** Without client authentication (RFC 6749, section 2.1). */
export function isPublic({ metadata }: Client): boolean {
  return metadata.token_endpoint_auth_method === 'none'
}

export function scopesOf({ metadata }: Client): string[] {
  return words(metadata.scope ?? '')
}

export function grantTypesOf({ metadata }: Client): readonly string[] {
  return metadata.grant_types?.length ? metadata.grant_types : ['authorization_code']
}

/** Each response type is a set of words. */
export function responseTypesOf({ metadata }: Client): readonly string[] {
  return metadata.response_types?.length ? metadata.response_types : ['code']
}

export function audienceOf({ metadata }: Client): readonly string[] {
  return metadata.audience ?? []
}

/** The words of a list that is separated by spaces (RFC 6749, section 3.3). */
export function words(text: string): string[] {
  return text.split(' ').filter(Boolean)
}
