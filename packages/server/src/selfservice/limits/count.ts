import { uiText } from '@latchkey/api'
import { type Counted, type Counter, counterKey, countRequest, decrement } from '../../limit/index.ts'
import { redeemCaptcha } from '../captcha/index.ts'
import { FlowError } from '../flow/flow.ts'
import type { SubmissionContext } from '../method.ts'
import { type ChallengeFor, highestLevel, solutionOf } from './challenge.ts'
import { limitExceeded } from './exceeded.ts'
import { noteLimit } from './note.ts'

export interface LimitedSubmission {
  readonly counters: readonly Counter[]
  readonly windowMs: number
  /** What the limit is about, for an administrator. */
  readonly what: Parameters<typeof noteLimit>[2]
  /** What is said when the limit is exceeded. */
  readonly reason: string
  /** What a proof of work is made for; absent if none is demanded. */
  readonly proof?: string
  /** Whether a proof of work can be accepted although the limit is exceeded, where that is configured. */
  readonly replacesLockout?: boolean
}

/**
 * Counts a submission before its work begins. Throws 429, or FlowError for browsers, if a limit is exceeded; throws
 * FlowError with a challenge in the form if a proof of work is demanded and not given. Its redemption is one more
 * counter in the same statement, so that of any number of simultaneous submissions exactly one redeems it.
 */
export async function countSubmission(submission: SubmissionContext, limited: LimitedSubmission): Promise<Counted> {
  const { ctx } = submission
  const { counters, windowMs, proof, what } = limited
  const { enabled, replaces_lockout: replaces } = ctx.config.identity.security.proof_of_work
  const solution = enabled && proof ? solutionOf(submission, proof) : undefined
  const once = solution && counterKey(ctx, 'proof of work', solution.id)
  const counted = await countRequest(ctx, counters, windowMs, once)
  const level = enabled && proof ? levelOf(submission, counted.fullest, -1) : 0
  const isProven = solution !== undefined && counted.isFirst && solution.level >= level - 1
  const isLocked = counted.seconds > 0 && !(replaces && limited.replacesLockout && isProven)
  if (counted.seconds === 0 && proof && isCaptchaDemanded(submission, counted)) {
    await requireCaptchaOf(submission, limited, counted)
    return counted
  }
  const isDemanded = level > 0 && !isProven && (counted.seconds === 0 || (replaces && limited.replacesLockout === true))
  const challenge = isDemanded ? 'demanded' : level > 0 && isProven ? 'solved' : undefined
  noteLimit(submission, counted, { ...what, challenge }, isLocked || isDemanded)
  if (isDemanded && proof) {
    await decrement(
      ctx,
      counters.map(({ key }) => key),
    )
    submission.flow.challenge = { proof, level }
    throw new FlowError({ messages: [uiText(4000038)] })
  }
  if (isLocked) throw limitExceeded(submission, counted.seconds, limited.reason)
  return counted
}

/** Whether so much was guessed that a captcha is demanded, in place of a proof of work. */
function isCaptchaDemanded({ ctx, flow }: SubmissionContext, { fullest }: Counted, change = -1): boolean {
  const { captcha } = ctx.config.identity.selfservice.methods
  if (!captcha?.enabled || captcha.config?.demand !== 'when_guessed') return false
  const isProtected = captcha.config.flows.some((name) => name === flow.name)
  return isProtected && (fullest.count + change) * 100 >= fullest.limit * captcha.config.after_percent
}

/** Takes a submission without a token, or with a wrong one, back from the counters, and throws as `redeemCaptcha`. */
async function requireCaptchaOf(submission: SubmissionContext, limited: LimitedSubmission, counted: Counted) {
  await redeemCaptcha(submission).catch(async (error: unknown) => {
    noteLimit(submission, counted, limited.what, true)
    await decrement(
      submission.ctx,
      limited.counters.map(({ key }) => key),
    )
    throw error
  })
  noteLimit(submission, counted, limited.what, false)
}

/** The challenge that the next submission has to solve, after this one has failed. */
export function demandNext(submission: SubmissionContext, { proof }: LimitedSubmission, counted: Counted): void {
  if (proof && isCaptchaDemanded(submission, counted, 0)) {
    submission.flow.captcha = 'demanded'
    return
  }
  const { enabled } = submission.ctx.config.identity.security.proof_of_work
  const level = enabled && proof ? levelOf(submission, counted.fullest, 0) : 0
  if (proof && level > 0) submission.flow.challenge = { proof, level } satisfies ChallengeFor
}

/** The level of the work by the share of a limit that is used up; 0 if none is demanded yet. */
function levelOf({ ctx }: SubmissionContext, { count, limit }: Counted['fullest'], change: number): number {
  const { after_percent: after } = ctx.config.identity.security.proof_of_work
  return Math.min(highestLevel, Math.floor(((count + change) * 100) / limit / after))
}
