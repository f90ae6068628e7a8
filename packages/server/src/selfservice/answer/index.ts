import type * as api from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Call, Reply, ReplyTo, TextReply } from '../../kernel/http/index.ts'
import { registrationHeaders, type Session } from '../../session/index.ts'
import type { Flow, FlowName } from '../flow/flow.ts'
import type { Submitted } from '../flows/submission.ts'
import type { Outcome } from '../outcome.ts'
import type { Answers } from './answers.ts'
import { app } from './app.ts'
import { browser } from './browser.ts'
import { errorReply } from './error.ts'
import { script } from './script.ts'

interface Operations {
  login: typeof api.updateLoginFlow
  registration: typeof api.updateRegistrationFlow
  recovery: typeof api.updateRecoveryFlow
  verification: typeof api.updateVerificationFlow
  settings: typeof api.updateSettingsFlow
}

/** Answers the beginning of a flow in the way of the client; errors too. */
export async function answerBegin(
  ctx: Context,
  call: Call,
  type: Flow['type'],
  begin: () => Promise<Outcome>,
): Promise<TextReply> {
  try {
    return answer(ctx, call, await begin(), type) as TextReply
  } catch (error) {
    return errorReply(ctx, call, error, type)
  }
}

/** Answers a submission in the way of the client; errors too. */
export async function answerSubmission<Name extends FlowName>(
  ctx: Context,
  call: Call,
  submitted: Promise<Submitted<Name>>,
): Promise<ReplyTo<Operations[Name]>> {
  const { outcome, error, type } = await submitted
  if (!outcome) return errorReply(ctx, call, error, type)
  // `Answers` holds each reply against the flow that leads to it.
  return answer(ctx, call, outcome, type) as ReplyTo<Operations[Name]>
}

function answer(ctx: Context, call: Call, outcome: Outcome, type: Flow['type']): Reply {
  const answers: Answers = type === 'api' ? app : call.wantsJson ? script : browser
  const make = answers[outcome.type] as (ctx: Context, outcome: Outcome) => Reply
  const session = type === 'browser' ? sessionOf(outcome) : undefined
  return session ? withHeaders(make(ctx, outcome), registrationHeaders(ctx, call, session)) : make(ctx, outcome)
}

/** The session whose cookie the answer to a browser sets. */
function sessionOf(outcome: Outcome): Session | undefined {
  if (outcome.type === 'registered') return outcome.issued?.session
  return 'session' in outcome ? outcome.session : undefined
}

function withHeaders(reply: Reply, headers: Record<string, string>): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } }
}
