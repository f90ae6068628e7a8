import { ApiError } from '@latchkey/api'
import type { Identity } from '../../identity/index.ts'
import { placeOfFailure } from '../../kernel/jsonnet/body-snippets.ts'
import { JsonnetError } from '../../kernel/jsonnet/index.ts'
import type { Hook, WebHookConfig } from '../config.ts'
import { noteStep } from '../flow/steps.ts'
import type { Occasion } from '../outgoing/data.ts'
import { type Attempt, deliver, deliverOrRetryLater, isSuccess, type OutgoingRequest } from '../outgoing/delivery.ts'
import { changeAsked, type IdentityChange, refusal } from './web-hook-answer.ts'
import { hookName, hookRequest } from './web-hook-request.ts'

/** The web hooks that can stop a flow or change the identity; they are called before anything is stored. */
export function isAskedFirst(hook: Hook): boolean {
  return hook.hook === 'web_hook' && (hook.config.can_interrupt || hook.config.response.parse)
}

/**
 * Calls web hooks one after the other while nothing is stored yet, and returns the changes of the identity that they
 * request. An error response of a hook that can interrupt ends the flow with the messages in it, or with 400. Other
 * failures end it with 502, except for hooks whose response is ignored.
 */
export async function askWebHooks(at: Occasion, hooks: readonly Hook[], identity?: Identity): Promise<IdentityChange> {
  const changes: IdentityChange[] = []
  let current = identity
  for (const hook of hooks) {
    if (hook.hook !== 'web_hook') continue
    if (hook.config.response.ignore) void notify(at, hook.config, current)
    else {
      const change = await ask(at, hook.config, current)
      if (!change) continue
      changes.push(change)
      current &&= change(current)
    }
  }
  return (one) => changes.reduce((changed, change) => change(changed), one)
}

async function ask(
  at: Occasion,
  config: WebHookConfig,
  identity: Identity | undefined,
): Promise<IdentityChange | undefined> {
  const request = await requestOf(at, config, identity)
  if (!request) return undefined
  const result = await deliver(at.ctx, request)
  noteAnswer(at, config, { result, when: identity ? 'asked' : 'before' })
  if (isSuccess(result)) return config.response.parse ? changeAsked(at.ctx, result.answer) : undefined
  if (!('answer' in result)) throw ApiError.upstream('A web hook could not be reached.')
  if (isAskedFirst({ hook: 'web_hook', config })) throw refusal(result.answer)
  throw ApiError.upstream('A web hook failed.')
}

/**
 * Calls web hooks one after the other after the flow has been stored. Their failures are logged and the calls repeated
 * in the background; what is stored is never answered with an error.
 */
export async function notifyWebHooks(at: Occasion, hooks: readonly Hook[], identity: Identity): Promise<void> {
  for (const hook of hooks) {
    if (hook.hook !== 'web_hook') continue
    const delivered = notify(at, hook.config, identity)
    if (!hook.config.response.ignore) await delivered
  }
}

async function notify(at: Occasion, config: WebHookConfig, identity: Identity | undefined): Promise<void> {
  const request = await requestOf(at, config, identity).catch(() => undefined)
  if (!request) return
  const result = await deliverOrRetryLater(at.ctx, request)
  // The flow is stored already, so that a success is not worth another statement.
  if (!isSuccess(result)) noteAnswer(at, config, { result, when: 'notified' })
}

function noteAnswer(
  { ctx, flow }: Occasion,
  config: WebHookConfig,
  { result, when }: { result: Attempt; when: 'before' | 'asked' | 'notified' },
): void {
  const status = 'answer' in result ? result.answer.status : undefined
  const outcome = isSuccess(result) ? 'passed' : 'failed'
  noteStep(ctx, flow, 'hook', { hook: hookName(config), when, status, outcome })
}

/** The request of a web hook; undefined if its Jsonnet cancels it. Failures of the Jsonnet are logged. */
async function requestOf(
  at: Occasion,
  config: WebHookConfig,
  identity: Identity | undefined,
): Promise<OutgoingRequest | undefined> {
  try {
    return await hookRequest(at, config, identity)
  } catch (error) {
    const place = error instanceof JsonnetError ? placeOfFailure(error) : ''
    const fields = { web_hook: hookName(config), flow: at.flow.name }
    at.ctx.log.warn(fields, `the body of a web hook cannot be made${place}`)
    throw error instanceof JsonnetError ? ApiError.internal() : error
  }
}
