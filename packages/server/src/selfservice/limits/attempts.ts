import { normalizeIdentifier } from '../../kernel/address.ts'
import { type Counter, counterKey, decrement, networkCounters, reset } from '../../limit/index.ts'
import type { SubmissionContext } from '../method.ts'
import { countSubmission, demandNext, type LimitedSubmission } from './count.ts'

/** What is proven. Each has a counter of its own, so that guesses at one lock no other and its success resets no other. */
export type Proof = 'password' | 'code' | 'second factor' | 'recovery' | 'verification' | 'registration'

/** What a proof of work is demanded for; a sign-up has one already, and a verification opens nothing. */
const isChallenged: Readonly<Record<Proof, boolean>> = {
  ...{ password: true, code: true, 'second factor': true, recovery: true },
  ...{ verification: false, registration: false },
}

/** The account of an attempt: the identity, or the identifier as typed where there is no such identity. */
export type Account = { identityId: string } | { typed: string }

/**
 * Makes an attempt to prove an identity, unless too many have failed for the account or from the network: then 429, or
 * a message on the form of a browser. Attempts are counted before they are made, so that simultaneous ones are limited,
 * too, and equally for known and unknown accounts. A browser in which the identity has signed in before has a counter
 * of its own, so that the failed attempts of others do not lock it out.
 */
export async function limitAttempts<T>(
  submission: SubmissionContext,
  { proof, account }: { proof: Proof; account: Account },
  attempt: () => Promise<T>,
  outcomeOf: (result: T) => 'succeeded' | 'failed' | 'not tried',
): Promise<T> {
  const { ctx } = submission
  const { enabled, window } = ctx.config.identity.security.attempts
  if (!enabled) return attempt()
  const { own, others } = countersOf(submission, proof, account)
  const identityId = 'identityId' in account ? account.identityId : undefined
  const limited: LimitedSubmission = {
    ...{ counters: [own, ...others], windowMs: window },
    what: { limit: 'attempts', proof, known_device: others.length === 0, identity_id: identityId },
    reason: 'There were too many attempts that failed. Please wait a few minutes and try again.',
    ...(isChallenged[proof] && { proof }),
    replacesLockout: proof === 'password',
  }
  const counted = await countSubmission(submission, limited)
  const takeBack = (counters: readonly Counter[]) =>
    decrement(
      ctx,
      counters.map(({ key }) => key),
    )
  const result = await attempt().catch(async (error: unknown) => {
    // For example, too many passwords were waiting to be hashed.
    await takeBack([own, ...others])
    throw error
  })
  const outcome = outcomeOf(result)
  if (outcome === 'failed') demandNext(submission, limited, counted)
  if (outcome === 'not tried') await takeBack([own, ...others])
  if (outcome === 'succeeded') {
    // Failed attempts of others from the same network still count.
    await takeBack(others)
    await reset(ctx, own.key)
  }
  return result
}

function countersOf(
  { ctx, request }: SubmissionContext,
  proof: Proof,
  account: Account,
): { own: Counter; others: Counter[] } {
  const { per_account: perAccount, per_address: perAddress } = ctx.config.identity.security.attempts
  const isKnown = 'identityId' in account
  // A first factor makes a browser known, which must not give more guesses at the second one.
  const device = isKnown && proof !== 'second factor' ? request.csrf.deviceOf(account.identityId) : undefined
  if (device) {
    return { own: { key: counterKey(ctx, `${proof} device`, device), limit: perAccount }, others: [] }
  }
  const whom = isKnown ? account.identityId : `typed ${normalizeIdentifier(account.typed)}`
  return {
    own: { key: counterKey(ctx, `${proof} account`, whom), limit: perAccount },
    others: networkCounters(ctx, request, 'network', perAddress),
  }
}
