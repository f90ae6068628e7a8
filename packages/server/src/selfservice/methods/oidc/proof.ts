import type { Proof } from '../../../session/index.ts'
import type { Proven } from './connection.ts'

/** The proof that a provider gives, with what its ID token states of the authentication. */
export function proofOf({ config, vouched: { assurance = {} } }: Proven): Proof {
  const { acr, amr = [] } = assurance
  const isStrong =
    (acr !== undefined && config.aal2_acr_values.includes(acr)) ||
    amr.some((method) => config.aal2_amr_values.includes(method))
  return {
    method: 'oidc',
    aal: isStrong ? 'aal2' : 'aal1',
    provider: config.id,
    ...(acr !== undefined && { upstream_acr: acr }),
    ...(amr.length > 0 && { upstream_amr: amr }),
  }
}
