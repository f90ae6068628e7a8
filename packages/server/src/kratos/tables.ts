/** The subset of Kratos's tables that is read, in the schema of v1.3 to v26.2. Every value is read as text. */
export type KratosTables = {
  networks: { id: string }
  identities: {
    id: string
    nid: string
    schema_id: string
    traits: string
    state: string
    state_changed_at: string | null
    metadata_public: string | null
    metadata_admin: string | null
    organization_id: string | null
    /** Since v25. */
    external_id: string | null
    created_at: string
    updated_at: string
  }
  identity_credential_types: { id: string; name: string }
  identity_credentials: {
    id: string
    nid: string
    identity_id: string
    identity_credential_type_id: string
    config: string
    version: string
    created_at: string
    updated_at: string
  }
  identity_credential_identifiers: { id: string; nid: string; identity_credential_id: string; identifier: string }
  identity_verifiable_addresses: {
    id: string
    nid: string
    identity_id: string
    via: string
    value: string
    verified: string
    status: string
    verified_at: string | null
    created_at: string
    updated_at: string
  }
  identity_recovery_addresses: {
    id: string
    nid: string
    identity_id: string
    via: string
    value: string
    created_at: string
    updated_at: string
  }
  sessions: {
    id: string
    nid: string
    identity_id: string
    token: string | null
    active: string
    aal: string
    authentication_methods: string | null
    authenticated_at: string
    issued_at: string
    expires_at: string
  }
  session_devices: {
    id: string
    nid: string
    session_id: string
    ip_address: string | null
    user_agent: string | null
    location: string | null
    created_at: string
  }
  courier_messages: {
    id: string
    nid: string
    type: string
    status: string
    recipient: string
    subject: string
    template_type: string
    channel: string | null
    send_count: string
    created_at: string
    updated_at: string
  }
  courier_message_dispatches: {
    id: string
    nid: string
    message_id: string
    status: string
    error: string | null
    created_at: string
    updated_at: string
  }
}

export type KratosTable = keyof KratosTables

/** The columns that are read of each table. */
export const kratosColumns: { readonly [T in KratosTable]: readonly (keyof KratosTables[T] & string)[] } = {
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
}
