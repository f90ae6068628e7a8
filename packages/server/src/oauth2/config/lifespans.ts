import { closedObject, duration, durationOrNever } from '../../kernel/config/schema-builders.ts'

/** How long what is issued is valid. */
export const ttl = closedObject({
  login_consent_request: duration('30m'),
  authentication_session: duration('720h'),
  access_token: duration('1h'),
  /** -1 for refresh tokens that never expire. */
  refresh_token: durationOrNever('720h'),
  id_token: duration('1h'),
  auth_code: duration('10m'),
  device_user_code: duration('10m'),
})

const halfAYearMs = 180 * 24 * 3_600_000

/** As in Hydra, people are remembered for half a year at most. */
export function limitLifespans<T extends { authentication_session: number }>(configured: T): T {
  return { ...configured, authentication_session: Math.min(configured.authentication_session, halfAYearMs) }
}
