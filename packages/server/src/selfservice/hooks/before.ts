import { ApiError } from '@latchkey/api'
import type { Hook } from '../config.ts'
import { FlowError } from '../flow/flow.ts'
import type { Occasion } from '../outgoing/data.ts'
import { askWebHooks } from './web-hook.ts'

/** Runs the hooks before a flow; it does not begin where one refuses. There is no form yet to put messages into. */
export async function runHooksBefore(at: Occasion): Promise<void> {
  const { before } = at.ctx.config.identity.selfservice.flows[at.flow.name]
  const hooks = before.hooks as unknown as readonly Hook[]
  if (hooks.length === 0) return
  try {
    await askWebHooks(at, hooks)
  } catch (error) {
    if (!(error instanceof FlowError)) throw error
    const messages = [...error.messages, ...error.fields.map(({ message }) => message)]
    throw ApiError.badRequest({ reason: messages[0]?.text, details: { messages } })
  }
}
