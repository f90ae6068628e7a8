import { ApiError, type FlowExplanation, type FlowStep } from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { isUuid } from '../../kernel/uuid.ts'
import { errorsOfFlow, type FlowRecord, findFlowError } from '../errors/store.ts'
import { findAnyFlow } from '../flow/store.ts'
import { textOfStep } from './text.ts'

/** The error pages that are listed with a flow. */
const mostErrors = 20

/**
 * What happened in a flow, for the ID of the flow or of the error page that it led to: each step in order, with its
 * time, and the IDs with which the log is searched. Throws 404 if there is neither.
 */
export async function explainFlow(ctx: Context, given: string): Promise<FlowExplanation> {
  const id = given.toLowerCase()
  if (!isUuid(id)) throw ApiError.badRequest({ reason: 'The ID of a flow or of an error page is a UUID.' })
  const failed = await findFlowError(ctx, id)
  const stored = await findAnyFlow(ctx, failed?.origin?.flow?.id ?? id)
  if (!failed && !stored) throw ApiError.notFound({ reason: 'There is neither a flow nor an error page of this ID.' })
  // A flow that was refused when it began is stored with the error alone.
  const flow = stored ? { ...stored, steps: stored.steps?.list ?? [] } : failed?.origin?.flow
  const errors = flow ? await errorsOfFlow(ctx, flow.id, mostErrors) : [id]
  return {
    ...(flow && { flow: flowOf(flow) }),
    outcome: flow ? outcomeOf(ctx, flow) : 'failed',
    ...(failed && { error: errorOf(failed) }),
    errors,
    steps: flow ? stepsOf(flow) : [],
  }
}

function flowOf(flow: FlowRecord): FlowExplanation['flow'] {
  const { id, name, type } = flow
  return { id, name, type, issued_at: timestamp(flow.issuedAt), expires_at: timestamp(flow.expiresAt) }
}

/** Without details, which an error can have from what a client sent. */
function errorOf({ id, createdAt, error, origin }: NonNullable<Awaited<ReturnType<typeof findFlowError>>>) {
  const { details: _d, debug: _b, ...content } = error
  return { id, created_at: timestamp(createdAt), ...(origin && { request: origin.request }), error: content }
}

function outcomeOf(ctx: Context, { steps, expiresAt }: FlowRecord): FlowExplanation['outcome'] {
  if (steps.some(([, step]) => step === 'completed')) return 'completed'
  if (expiresAt <= ctx.clock.now()) return 'expired'
  return steps.at(-1)?.[1] === 'failed' ? 'failed' : 'open'
}

function stepsOf({ issuedAt, steps }: FlowRecord): FlowStep[] {
  return steps.map(([afterMs, step, details = {}], index) => {
    const [beforeMs] = steps[index - 1] ?? [afterMs]
    // Between two requests is the time that the person took.
    const isFirst = step === 'begun' || step === 'submitted' || step === 'omitted'
    return {
      ...{ step, at: timestamp(issuedAt + afterMs) },
      ...(!isFirst && { took_ms: Math.max(0, afterMs - beforeMs) }),
      ...{ text: textOfStep(step, details), ...details },
    }
  })
}
