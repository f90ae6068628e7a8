import type { Context } from '../../kernel/context.ts'
import type { Answer, FetchInit } from '../../kernel/fetch.ts'

/** One request to another system; every attempt sends the same. */
export interface OutgoingRequest {
  readonly url: string
  readonly init: FetchInit & { headers: Record<string, string> }
  /** Identifies the receiver in logs. */
  readonly name: string
  readonly flow: string
  /** A status of the receiver that is an answer and no failure, although it is an error status. */
  readonly negative?: number
}

/** What became of an attempt: an answer, or the error of a connection. */
export type Attempt = { readonly answer: Answer } | { readonly error: unknown }

const timeoutMs = 10_000
/** The pauses before the second and the third attempt; Kratos makes three attempts too. */
const pausesMs = [250, 1000]

/** Sends a request and repeats it while its failure may be temporary, for as long as one attempt may take. */
export async function deliver(ctx: Context, request: OutgoingRequest): Promise<Attempt> {
  return repeat(ctx, request, await attempt(ctx, request), { startBeforeMs: ctx.clock.monotonic() + timeoutMs })
}

/** Sends a request once, and repeats it in the background if its failure may be temporary. Returns the first result. */
export async function deliverOrRetryLater(ctx: Context, request: OutgoingRequest): Promise<Attempt> {
  const first = await attempt(ctx, request)
  if (isTemporary(first)) void repeat(ctx, request, first)
  return first
}

export function isSuccess(result: Attempt): result is { answer: Answer } {
  return 'answer' in result && result.answer.status < 400
}

async function repeat(
  ctx: Context,
  request: OutgoingRequest,
  first: Attempt,
  { startBeforeMs = Number.POSITIVE_INFINITY } = {},
): Promise<Attempt> {
  let result = first
  for (const pauseMs of pausesMs) {
    if (!isTemporary(result) || ctx.clock.monotonic() + pauseMs > startBeforeMs) break
    await pause(pauseMs)
    result = await attempt(ctx, request)
  }
  return result
}

async function attempt(ctx: Context, request: OutgoingRequest): Promise<Attempt> {
  const headers = { ...request.init.headers, 'ory-webhook-request-id': ctx.random.uuid() }
  try {
    const answer = await ctx.fetch(request.url, { ...request.init, headers, timeoutMs })
    if (answer.status >= 400 && answer.status !== request.negative)
      logFailure(ctx, request, new Error(`status ${answer.status}`))
    return { answer }
  } catch (error) {
    logFailure(ctx, request, error)
    return { error }
  }
}

/** A client error stays one when it is repeated; so does a method that the receiver does not implement. */
function isTemporary(result: Attempt): boolean {
  if (!('answer' in result)) return true
  const { status } = result.answer
  return status === 429 || (status >= 500 && status !== 501)
}

/** Does not keep the process alive: a shutdown ends retries in the background. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref())
}

function logFailure(ctx: Context, { name, flow }: OutgoingRequest, error: unknown): void {
  ctx.log.warn({ err: error, web_hook: name, flow }, 'web hook failed')
}
