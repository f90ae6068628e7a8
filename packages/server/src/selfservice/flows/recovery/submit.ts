import { uiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import { type Call, type Reply, redirect } from '../../../kernel/http/index.ts'
import type { RecoveryOutcome } from '../../turn.ts'
import { clearMessages } from '../../ui/container.ts'
import { newFlow, requireEnabled } from '../begin.ts'
import { textField } from '../body.ts'
import { expiryContext, replaceExpired, storeReplacement } from '../expired.ts'
import type { Flow } from '../flow.ts'
import { requireCsrf, type Submission, submitFlow } from '../submit.ts'
import { publicUrl } from '../urls.ts'
import { finishRecovery } from './finish.ts'
import { buildRecoveryForm } from './fresh.ts'

const noMethod = uiText(4010005)

const recovery: Submission<RecoveryOutcome> = {
  name: 'recovery',
  explains404: true,
  noMethod,
  async guard(ctx) {
    requireEnabled(ctx, 'recovery')
    return undefined
  },
  restart,
  method({ body, call }) {
    // A link is opened, not submitted.
    if (call.search.get('token')) return 'link'
    return textField(body, 'method')
  },
  csrf(turn) {
    if (turn.call.search.get('token')) return
    // A flow that an administrator made belongs to no browser until it is opened; its code is the secret.
    if (turn.flow.csrfToken === '' && turn.flow.type === 'browser') return
    try {
      requireCsrf(turn)
    } catch (error) {
      if (textField(turn.body, 'method') === 'code') turn.call.csrf.rotate()
      throw error
    }
  },
  opens: (call) => Boolean(call.search.get('token')),
  clear: ({ flow }) => clearMessages(flow.ui),
  arrange() {},
  activeOn: (error) => (error.messages.some(({ id }) => id === noMethod.id) ? 'default' : undefined),
  finish: finishRecovery,
}

/** Takes a submission of a recovery form, or an opened link (`/self-service/recovery`). */
export function submitRecovery(ctx: Context, call: Call): Promise<Reply> {
  return submitFlow(ctx, call, recovery)
}

async function restart(ctx: Context, call: Call, expired: Flow): Promise<Reply> {
  const fresh: Flow = {
    ...newFlow(ctx, call, 'recovery', expired.type, expired.returnTo),
    requestUrl: expired.requestUrl,
  }
  await buildRecoveryForm(ctx, fresh)
  const message = uiText(4060005, expiryContext(expired))
  if (expired.type === 'browser' && call.wantsJson) {
    await storeReplacement(ctx, fresh, message)
    return redirect(`${publicUrl(ctx, 'self-service/recovery/flows')}?id=${fresh.id}`)
  }
  const details = { continue_with: [{ action: 'show_recovery_ui', flow: { id: fresh.id } }] }
  return replaceExpired(ctx, call, expired, fresh, message, details)
}
