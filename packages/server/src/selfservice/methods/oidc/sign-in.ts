import { findByIdentifier } from '../../../identity/index.ts'
import type { RegisterInstead, SignedInBy, SubmissionContext } from '../../method.ts'
import { linkWhereVerified } from './automatic-link.ts'
import { identifierOf, impossible, type Proven } from './connection.ts'
import { proofOf } from './proof.ts'
import { registrationFrom } from './sign-up.ts'
import { updatedIdentity } from './update-on-login.ts'

/** Signs in whom a provider vouches for. Somebody who has no account yet is registered instead. */
export async function signInBy(
  submission: SubmissionContext<'login'>,
  proven: Proven,
  traits: Record<string, unknown>,
): Promise<SignedInBy | RegisterInstead> {
  const { ctx, flow, signed } = submission
  const known = await findByIdentifier(ctx, 'oidc', identifierOf(proven))
  if (known) return { identity: await updatedIdentity(ctx, known, proven), proof: proofOf(proven) }
  if (flow.refresh && signed) throw impossible('Your account is not connected to this account of the sign-in provider.')
  const linked = await linkWhereVerified(ctx, flow, proven)
  if (linked) return { identity: linked, proof: proofOf(proven) }
  return { registerInstead: (registration) => registrationFrom(registration, proven, traits) }
}
