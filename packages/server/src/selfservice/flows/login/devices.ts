import type { Call } from '../../../kernel/http/index.ts'
import type { Device } from '../../../session/index.ts'

/** The present device as Kratos adds it to the answer of a repeated sign-in: seen, but stored already under its own id. */
export function deviceNotStored(call: Call): Device {
  return {
    id: '00000000-0000-0000-0000-000000000000',
    ip_address: call.ip,
    user_agent: call.userAgent || null,
    location: '',
  }
}
