import { ApiError } from '@latchkey/api'
import type { Identity } from '../../identity/index.ts'
import { FlowError } from '../flows/flow.ts'
import { hooksBefore } from './hooks.ts'
import { callWebHooks, type Occasion } from './web-hook.ts'

/** Runs the hooks before a flow; it does not begin where one refuses. There is no form yet to put messages into. */
export async function runHooksBefore(at: Occasion, identity?: Identity): Promise<void> {
  const hooks = hooksBefore(at.ctx, at.flow.name)
  if (hooks.length === 0) return
  try {
    await callWebHooks(at, hooks, identity)
  } catch (error) {
    if (!(error instanceof FlowError)) throw error
    const messages = [...error.messages, ...error.fields.map(({ message }) => message)]
    throw ApiError.badRequest({ reason: messages[0]?.text, details: { messages } })
  }
}
