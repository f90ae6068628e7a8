import type { Context } from '../../kernel/context.ts'
import { openText, sealText } from '../../kernel/seal.ts'

const purpose = 'dpop nonce'
const maxLength = 256

/** A nonce for proofs (RFC 9449, section 8): its time of issue, encrypted. Nothing is stored. */
export function newNonce({ random, keys, project, clock }: Context): string {
  return sealText(random, keys.derive(purpose), project.id, String(clock.now()))
}

/** When a nonce was issued, in milliseconds; undefined for a text that is no nonce of this project, or has expired. */
export function issueTimeOf({ keys, project, clock, config }: Context, nonce: string): number | undefined {
  const text = nonce.length > maxLength ? undefined : openText(keys.deriveAll(purpose), project.id, nonce)
  if (text === undefined) return undefined
  const issuedAt = Number(text)
  return issuedAt + config.oauth2.oauth2.dpop.nonce_lifespan > clock.now() ? issuedAt : undefined
}
