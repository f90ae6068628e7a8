export interface SessionRow {
  id: string
  identity_id: string
  token_hash: string
  /** 0 if revoked. */
  active: number
  aal: string
  authenticated_at: number
  issued_at: number
  expires_at: number
  /** A JSON array of AuthenticationMethod. */
  methods: string
  /** A JSON array of Device. */
  devices: string
  /** JSON of a SessionActor; null in sessions of the person. */
  act: string | null
  /** Since when the session is bound to a device; null if it is not. */
  bound_at: number | null
  /** JSON of the device's public key, a JSON Web Key with `alg`. */
  device_key: string | null
  /** When the newest challenge that the device answered was issued. */
  device_proved_at: number | null
}

/** A session before it is bound to a device. */
export type NewSessionRow = Omit<SessionRow, 'bound_at' | 'device_key' | 'device_proved_at'>

/** What is read of a session, other than for binding it. */
export type ReadSessionRow = Omit<SessionRow, 'token_hash' | 'device_key' | 'device_proved_at'>

/** A browser that an identity may sign in from with its password alone. */
export interface KnownDeviceRow {
  identity_id: string
  /** Of a token in the cookie of the browser. */
  hash: string
  expires_at: number
}

declare module '../kernel/tables.ts' {
  interface Tables {
    sessions: SessionRow
    known_devices: KnownDeviceRow
  }
}
