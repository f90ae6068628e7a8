import { countRequest, networkCounters } from '../../limit/index.ts'
import type { SubmissionContext } from '../method.ts'
import { limitExceeded } from './exceeded.ts'
import { noteLimit } from './note.ts'

/** Counts a submitted registration. Throws 429, or FlowError for browsers, if there were too many from the network. */
export async function limitRegistrations(submission: SubmissionContext): Promise<void> {
  const { ctx, request } = submission
  const { enabled, per_address: perAddress, window } = ctx.config.identity.security.registrations
  if (!enabled) return
  const counted = await countRequest(ctx, networkCounters(ctx, request, 'registrations', perAddress), window)
  noteLimit(submission, counted, { limit: 'registrations' })
  const { seconds } = counted
  if (seconds === 0) return
  throw limitExceeded(submission, seconds, 'There were too many sign-ups from your network. Please try again later.')
}
