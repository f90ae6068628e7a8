import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type RelyingParty, relatedOrigins } from '../ceremonies/relying-party.ts'
import { isSwitchedOn, methods } from './index.ts'

/**
 * The origins outside the relying party's id that may use its credentials, which browsers ask the host of that id for
 * (WebAuthn Level 3, section 5.11). Throws 404 if there are none.
 */
export function requireRelatedOrigins(ctx: Context): string[] {
  const parties: RelyingParty[] = methods
    .filter((method) => isSwitchedOn(ctx, method))
    .flatMap(({ relyingParty }) => relyingParty?.(ctx) ?? [])
  if (!parties.some((party) => relatedOrigins(party).length > 0))
    throw ApiError.notFound({ reason: 'There are no related origins.' })
  return [...new Set(parties.flatMap(({ origins }) => origins).filter((origin) => /^https?:/.test(origin)))]
}
