import { networkCounters } from '../../limit/index.ts'
import type { SubmissionContext } from '../method.ts'
import { countSubmission } from './count.ts'

/** Counts a submitted registration. Throws 429, or FlowError for browsers, if there were too many from the network. */
export async function limitRegistrations(submission: SubmissionContext): Promise<void> {
  const { ctx, request } = submission
  const { enabled, per_address: perAddress, window } = ctx.config.identity.security.registrations
  if (!enabled) return
  await countSubmission(submission, {
    counters: networkCounters(ctx, request, 'registrations', perAddress),
    windowMs: window,
    what: { limit: 'registrations' },
    reason: 'There were too many sign-ups from your network. Please try again later.',
    proof: 'registrations',
  })
}
