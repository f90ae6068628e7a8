import Type from 'typebox'
import { choice, closedObject, flag, positiveDuration } from '../../kernel/config/schema-builders.ts'

const algorithms = ['ES256', 'ES384', 'ES512', 'EdDSA', 'PS256', 'RS256'] as const

/** Proofs of possession (RFC 9449), a feature of our own beside those of Hydra. */
export const dpop = closedObject({
  enabled: flag(false),
  /** Whether each proof must contain a nonce of the server (section 8 there), which lasts for `nonce_lifespan`. */
  nonce_required: flag(false),
  nonce_lifespan: positiveDuration('5m'),
  /** How far the time in a proof without a nonce may be away from that of the server. */
  proof_lifespan: positiveDuration('1m'),
  signing_algorithms: Type.Array(choice(algorithms), { default: [...algorithms], minItems: 1 }),
})
