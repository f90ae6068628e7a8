import type { Call } from './call.ts'
import type { Reply } from './reply.ts'

export interface CorsSettings {
  allowedOrigins: readonly string[]
  allowedMethods: readonly string[]
  allowedHeaders: readonly string[]
  exposedHeaders: readonly string[]
  allowCredentials: boolean
  maxAgeSeconds: number
}

const requestVary = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'

/** Responds to a preflight request (Fetch standard, section 3.2.2), without CORS headers for a disallowed origin. */
export function preflight(settings: CorsSettings | undefined, call: Call): Reply {
  const origin = call.header('origin')
  const method = call.header('access-control-request-method')?.toUpperCase()
  const asked = (call.header('access-control-request-headers') ?? '')
    .split(',')
    .map((h) => h.trim())
    .filter(Boolean)
  const headers: Record<string, string> = { vary: requestVary }
  if (!settings || !origin || !method || !allows(settings, origin)) return { status: 204, headers }
  if (!settings.allowedMethods.includes(method)) return { status: 204, headers }
  if (!asked.every((h) => allowsHeader(settings, h))) return { status: 204, headers }
  Object.assign(headers, originHeaders(settings, origin))
  headers['access-control-allow-methods'] = method
  if (asked.length > 0) headers['access-control-allow-headers'] = asked.join(', ')
  if (settings.maxAgeSeconds > 0) headers['access-control-max-age'] = String(settings.maxAgeSeconds)
  return { status: 204, headers }
}

/** The CORS headers of a response for `origin`. */
export function corsHeaders(settings: CorsSettings | undefined, origin: string): Record<string, string> {
  if (!settings || !allows(settings, origin)) return {}
  const headers = originHeaders(settings, origin)
  if (settings.exposedHeaders.length > 0) headers['access-control-expose-headers'] = settings.exposedHeaders.join(', ')
  return headers
}

/** Where every origin is allowed, none may send credentials: browsers refuse them together with `*` (Fetch, section 3.2.5). */
function originHeaders({ allowedOrigins, allowCredentials }: CorsSettings, origin: string): Record<string, string> {
  if (allowedOrigins.includes('*')) return { 'access-control-allow-origin': '*' }
  const headers: Record<string, string> = { 'access-control-allow-origin': origin }
  if (allowCredentials) headers['access-control-allow-credentials'] = 'true'
  return headers
}

function allowsHeader(settings: CorsSettings, name: string): boolean {
  return settings.allowedHeaders.some((h) => h === '*' || h.toLowerCase() === name.toLowerCase())
}

/** What a `*` in an origin stands for: part of a host name or a port. */
const hostPart = /^[\w.:[\]-]+$/

/** Whether pages of an origin may read. An entry can contain one `*`, as in `https://*.example.org`. */
export function allows(settings: Pick<CorsSettings, 'allowedOrigins'>, origin: string): boolean {
  const asked = origin.toLowerCase()
  return settings.allowedOrigins.some((entry) => {
    const allowed = entry.toLowerCase()
    if (allowed === '*' || allowed === asked) return true
    const star = allowed.indexOf('*')
    if (star === -1) return false
    const [start, end] = [allowed.slice(0, star), allowed.slice(star + 1)]
    if (!asked.startsWith(start) || !asked.endsWith(end)) return false
    return hostPart.test(asked.slice(start.length, asked.length - end.length))
  })
}
