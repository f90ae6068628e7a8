import { createHash } from 'node:crypto'
import { ApiError, uiText } from '@latchkey/api'
import { counterKey, countRequest, decrement, networkCounters } from '../../limit/index.ts'
import { payloadField, textField } from '../flow/body.ts'
import { FlowError } from '../flow/flow.ts'
import { noteStep } from '../flow/steps.ts'
import { limitExceeded } from '../limits/exceeded.ts'
import type { SubmissionContext } from '../method.ts'
import { awaitsCode, captchaConfig, isAlwaysDemanded, providerOf, tokenField } from './provider.ts'
import { verifyToken } from './verify.ts'

const tokenPattern = /^[\x21-\x7e]{1,8192}$/
/** Fields beside a code with which another one is sent, or another form shown. */
const asksForMore = ['resend', 'email', 'screen']
/** Longer than the token of any provider is good for. */
const windowMs = 600_000

/**
 * Requires a token in a submission of a flow that always demands one. A code that was sent is entered without it, since
 * the message was asked for with one and the code admits few guesses. Throws FlowError 4000038 with the widget in the
 * form, 429 if too many tokens from the network were wrong, or 502 if the provider cannot be asked.
 */
export async function requireCaptcha(submission: SubmissionContext, method: string): Promise<void> {
  const { ctx, flow, source, body } = submission
  if (source !== 'form' || !isAlwaysDemanded(ctx, flow)) return
  const entersCode = awaitsCode(flow) && method === 'code' && textField(body, 'code') !== ''
  if (entersCode && !asksForMore.some((name) => textField(body, name))) return
  await redeemCaptcha(submission)
}

/** Verifies the token of a submission, once for all limits that the submission meets. Throws like `requireCaptcha`. */
export async function redeemCaptcha(submission: SubmissionContext): Promise<void> {
  const { ctx, flow, request } = submission
  const config = captchaConfig(ctx)
  if (!config || flow.captcha === 'passed') return
  const provider = providerOf(config)
  const token = payloadField(submission.body, tokenField(provider))
  if (typeof token !== 'string' || !tokenPattern.test(token)) throw refusal(submission, provider.name)
  const counters = networkCounters(ctx, request, 'captcha', ctx.config.identity.security.attempts.per_address)
  const once = counterKey(ctx, 'captcha token', createHash('sha256').update(token).digest('hex'))
  const { seconds, isFirst } = await countRequest(ctx, counters, windowMs, once)
  if (seconds > 0) throw limitExceeded(submission, seconds, 'Too many security checks failed. Please try again later.')
  if (!isFirst) throw refusal(submission, provider.name)
  const verdict = await verifyToken(ctx, flow, token)
  if (verdict === 'refused') throw refusal(submission, provider.name)
  // One that the provider accepted, or said nothing about, is no guess.
  await decrement(
    ctx,
    counters.map(({ key }) => key),
  )
  if (verdict === 'unavailable' && config.if_unavailable === 'refuse') throw outage(submission, provider.name)
  const outcome = verdict === 'accepted' ? 'passed' : 'failed'
  noteStep(ctx, flow, 'captcha', { provider: provider.name, outcome })
  flow.captcha = 'passed'
}

function refusal({ ctx, flow }: SubmissionContext, provider: string): FlowError {
  noteStep(ctx, flow, 'captcha', { provider, outcome: 'refused' })
  flow.captcha = 'demanded'
  return new FlowError({ messages: [uiText(4000038)] })
}

/** Nothing is admitted while nobody can be checked: 502 for apps and scripts, a message on the form for browsers. */
function outage({ ctx, flow, request }: SubmissionContext, provider: string): Error {
  noteStep(ctx, flow, 'captcha', { provider, outcome: 'failed' })
  const reason = 'The security check is not available at the moment. Please try again in a few minutes.'
  if (flow.type === 'api' || request.wantsJson) return ApiError.upstream(reason)
  flow.captcha = 'demanded'
  return new FlowError({ messages: [uiText(4000001, { reason })] })
}
