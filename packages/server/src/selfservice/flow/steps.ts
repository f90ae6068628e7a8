import { ApiError, type FlowStepDetails, type FlowStepName } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'

/** A step as stored: milliseconds since the flow began, the name of the step, and details. */
export type StoredStep = readonly [afterMs: number, step: FlowStepName, details?: FlowStepDetails]

/** The steps of a flow in order. */
export interface StepLog {
  readonly list: StoredStep[]
  /** Whether steps were added since the list was stored. */
  hasUnwritten: boolean
}

/** What steps are noted of: a flow. */
interface Recorded {
  readonly issuedAt: number
  steps?: StepLog
}

/** A flow has at most so many steps; when there are more, those in the middle are left out. */
export const mostSteps = 60
/** The steps at the beginning that are never left out. */
const keptAtStart = 10
/** A detail is at most so long: ids, names of methods and hosts are shorter. */
const longestDetail = 128

/**
 * Notes a step of a flow, for an administrator who wants to know what happened. It is written with the next update of
 * the flow. Details are IDs, names and numbers of ours, never anything that a client sent.
 */
export function noteStep(ctx: Context, flow: Recorded, step: FlowStepName, details?: FlowStepDetails): void {
  flow.steps ??= { list: [], hasUnwritten: false }
  const { list } = flow.steps
  const afterMs = Math.max(0, ctx.clock.now() - flow.issuedAt)
  list.push(details ? [afterMs, step, limitDetails(details)] : [afterMs, step])
  if (list.length > mostSteps) omitOne(list)
  flow.steps.hasUnwritten = true
}

/** Notes the error that a request ends with, by its ID or status. */
export function noteError(ctx: Context, flow: Recorded, error: unknown): void {
  const status = error instanceof ApiError ? error.httpStatus : 500
  const id = error instanceof ApiError ? error.content.id : undefined
  noteStep(ctx, flow, 'failed', { error: id ?? String(status), status, outcome: status < 500 ? 'refused' : 'failed' })
}

/** Leaves out the oldest step after those at the start, and counts it. */
function omitOne(list: StoredStep[]): void {
  const [, name, details] = list[keptAtStart] as StoredStep
  const omitted = name === 'omitted' ? (details?.omitted ?? 0) : 0
  const at = omitted > 0 ? keptAtStart + 1 : keptAtStart
  const [afterMs] = list[at] as StoredStep
  const removed = omitted > 0 ? 1 : 2
  list.splice(keptAtStart, 2, [afterMs, 'omitted', { omitted: omitted + removed }])
}

function limitDetails(details: FlowStepDetails): FlowStepDetails {
  const entries = Object.entries(details).flatMap(([name, value]) => {
    if (value === undefined) return []
    if (typeof value === 'string') return [[name, value.slice(0, longestDetail)]]
    return [[name, Array.isArray(value) ? value.slice(0, keptAtStart) : value]]
  })
  return Object.fromEntries(entries)
}

/** The steps of a flow for its column. */
export function writtenSteps(flow: Recorded): string | null {
  if (!flow.steps) return null
  flow.steps.hasUnwritten = false
  return JSON.stringify(flow.steps.list)
}

export function hasUnwrittenSteps(flow: Recorded): boolean {
  return flow.steps?.hasUnwritten ?? false
}

/** The steps in a column. */
export function storedSteps(text: string | null): StepLog {
  return { list: text ? JSON.parse(text) : [], hasUnwritten: false }
}
