import type { Call } from '../../kernel/http/index.ts'

/** The token in the Authorization header (RFC 6750, section 2.1). */
export function bearerToken(call: Call): string | undefined {
  return /^bearer +([^\s]+)\s*$/i.exec(call.header('authorization') ?? '')?.[1]
}
