/** The columns that are read of Kratos's tables, in the schema of v1.3 to v26.2. */
export const kratosColumns = {
  networks: ['id'],
  identities: [
    ...([
      'id',
      'nid',
      'schema_id',
      'traits',
      'state',
      'state_changed_at',
      'metadata_public',
      'metadata_admin',
    ] as const),
    ...(['organization_id', 'external_id', 'created_at', 'updated_at'] as const),
  ],
  identity_credential_types: ['id', 'name'],
  identity_credentials: [
    ...(['id', 'nid', 'identity_id', 'identity_credential_type_id', 'config', 'version'] as const),
    ...(['created_at', 'updated_at'] as const),
  ],
  identity_credential_identifiers: ['id', 'nid', 'identity_credential_id', 'identifier'],
  identity_verifiable_addresses: [
    ...(['id', 'nid', 'identity_id', 'via', 'value', 'verified', 'status', 'verified_at'] as const),
    ...(['created_at', 'updated_at'] as const),
  ],
  identity_recovery_addresses: ['id', 'nid', 'identity_id', 'via', 'value', 'created_at', 'updated_at'],
  sessions: [
    ...(['id', 'nid', 'identity_id', 'token', 'active', 'aal', 'authentication_methods'] as const),
    ...(['authenticated_at', 'issued_at', 'expires_at'] as const),
  ],
  session_devices: ['id', 'nid', 'session_id', 'ip_address', 'user_agent', 'location', 'created_at'],
  courier_messages: [
    ...(['id', 'nid', 'type', 'status', 'recipient', 'subject', 'template_type', 'channel', 'send_count'] as const),
    ...(['created_at', 'updated_at'] as const),
  ],
  courier_message_dispatches: ['id', 'nid', 'message_id', 'status', 'error', 'created_at', 'updated_at'],
} as const

/** Columns that some of the supported versions lack; they are read as absent. */
export const laterColumns = ['external_id', 'organization_id', 'metadata_admin', 'channel'] as const

type Nullable =
  | (typeof laterColumns)[number]
  | ('state_changed_at' | 'metadata_public' | 'verified_at')
  | ('token' | 'authentication_methods' | 'ip_address' | 'user_agent' | 'location' | 'error')

export type KratosTable = keyof typeof kratosColumns

/** The rows of each table. Every value is read as text. */
export type KratosTables = {
  [T in KratosTable]: { id: string } & {
    [C in (typeof kratosColumns)[T][number]]: C extends Nullable ? string | null : string
  }
}
