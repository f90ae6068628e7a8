import type { FlowStepDetails } from '@latchkey/api'
import type { Counted } from '../../limit/index.ts'
import { noteStep } from '../flow/steps.ts'
import type { SubmissionContext } from '../method.ts'

/** Notes what a limit counted and whether it let the submission go on. */
export function noteLimit(
  { ctx, flow }: SubmissionContext,
  { seconds, fullest }: Counted,
  what: Pick<FlowStepDetails, 'limit' | 'proof' | 'via' | 'known_device' | 'identity_id' | 'challenge'>,
  isRefused: boolean,
): void {
  noteStep(ctx, flow, 'limit', {
    ...what,
    ...{ count: fullest.count, permitted: fullest.limit },
    ...(seconds > 0 && { seconds_to_wait: seconds }),
    outcome: isRefused ? 'refused' : 'passed',
  })
}
