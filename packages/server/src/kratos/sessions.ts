import type { Aal, AuthenticationMethod, Device, Session } from '../session/index.ts'
import type { KratosTables } from './tables.ts'
import { isTrue, jsonOf, timeMs } from './values.ts'

export function sessionOf(row: KratosTables['sessions'], devices: readonly KratosTables['session_devices'][]): Session {
  return {
    id: row.id,
    identityId: row.identity_id,
    active: isTrue(row.active),
    aal: row.aal as Aal,
    authenticatedAt: timeMs(row.authenticated_at),
    issuedAt: timeMs(row.issued_at),
    expiresAt: timeMs(row.expires_at),
    methods: (jsonOf(row.authentication_methods) ?? []) as AuthenticationMethod[],
    devices: devices.map(deviceOf),
  }
}

function deviceOf(row: KratosTables['session_devices']): Device {
  return {
    id: row.id,
    ip_address: row.ip_address ?? '',
    user_agent: row.user_agent,
    location: row.location ?? '',
  }
}
