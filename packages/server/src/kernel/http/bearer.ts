import type { Caller } from '../caller.ts'

/** The token in the Authorization header (RFC 6750, section 2.1). */
export function bearerToken(caller: Pick<Caller, 'header'>): string | undefined {
  return /^bearer +(\S+)$/i.exec(caller.header('authorization') ?? '')?.[1]
}
