import { uiText } from '@latchkey/api'
import { findIdentity } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Call, type Reply, redirect } from '../../../kernel/http/index.ts'
import { hooksAfter } from '../../hooks/hooks.ts'
import { callWebHooks, isAskedFirst } from '../../hooks/web-hook.ts'
import type { Stay, Turn, VerificationOutcome } from '../../turn.ts'
import { clearFieldMessages, setCsrf } from '../../ui/container.ts'
import { newFlow, requireEnabled } from '../begin.ts'
import { textField } from '../body.ts'
import { expiryContext, storeReplacement } from '../expired.ts'
import { type Flow, FlowError } from '../flow.ts'
import { saveFlow } from '../store.ts'
import { requireCsrf, type Submission, showAgain, submitFlow } from '../submit.ts'
import { pageUrl, publicUrl } from '../urls.ts'
import { buildVerificationForm, passedForm } from './form.ts'
import { markVerified, verifiedIdentity } from './mark.ts'

const noMethod = uiText(4010006)

const verification: Submission<VerificationOutcome> = {
  name: 'verification',
  explains404: true,
  noMethod,
  async guard(ctx) {
    requireEnabled(ctx, 'verification')
    return undefined
  },
  restart,
  method({ body, call, flow, typed }) {
    if (textField(body, 'email')) typed.set('email', textField(body, 'email'))
    // Links and codes in the address of a message are opened, not submitted.
    if (call.search.get('token')) return 'link'
    if (call.method === 'GET' && call.search.get('code') && flow.state === 'sent_email') return 'code'
    return textField(body, 'method')
  },
  csrf(turn) {
    const { call, flow, body } = turn
    if (call.method === 'GET') return
    // An app's flow whose link was opened in a browser goes on there with that browser's token.
    if (flow.type === 'api' && flow.csrfToken && textField(body, 'csrf_token'))
      return requireCsrf({ ...turn, flow: { ...flow, type: 'browser' } })
    requireCsrf(turn)
  },
  opens: (call, flow) => Boolean(call.search.get('token') || (call.search.get('code') && flow.state === 'sent_email')),
  translate: (error) =>
    error.messages.some(({ id }) => id === 4000001) ? new FlowError({ messages: [noMethod] }) : error,
  clear: ({ flow }) => clearFieldMessages(flow.ui),
  arrange: ({ flow }) => setCsrf(flow.ui, flow.csrfToken),
  activeOn: (error) => (error.messages.some(({ id }) => id === noMethod.id) ? 'default' : undefined),
  finish,
}

/** Takes a submission of a verification form, or an opened link (`/self-service/verification`). */
export function submitVerification(ctx: Context, call: Call): Promise<Reply> {
  return submitFlow(ctx, call, verification)
}

async function finish(turn: Turn, outcome: Exclude<VerificationOutcome, Stay>, method: string): Promise<Reply> {
  if ('reply' in outcome) return outcome.reply
  const { ctx, call, flow } = turn
  const { identityId, via, value } = outcome
  const hooks = hooksAfter(ctx, 'verification', method)
  const first = hooks.filter(isAskedFirst)
  if (first.length > 0) {
    const before = await findIdentity(ctx, identityId)
    await callWebHooks(turn, first, before && verifiedIdentity(ctx, before, via, value))
  }
  const identity = await markVerified(ctx, identityId, via, value)
  await callWebHooks(
    turn,
    hooks.filter((hook) => !isAskedFirst(hook)),
    identity,
  )
  if (flow.type === 'browser' && call.method === 'GET') flow.csrfToken = call.csrf.formToken()
  passedForm(ctx, flow)
  if (call.method !== 'GET' || call.wantsJson) return showAgain(turn, 200)
  // Links are opened in a browser, even those of an app's flow.
  await saveFlow(ctx, flow)
  return redirect(pageUrl(ctx, flow))
}

async function restart(ctx: Context, call: Call, expired: Flow): Promise<Reply> {
  call.csrf.rotate()
  const fresh: Flow = {
    ...newFlow(ctx, call, 'verification', expired.type, expired.returnTo),
    requestUrl: expired.requestUrl,
  }
  await buildVerificationForm(ctx, fresh)
  await storeReplacement(ctx, fresh, uiText(4070005, expiryContext(expired)))
  const read = `${publicUrl(ctx, 'self-service/verification/flows')}?id=${fresh.id}`
  return redirect(expired.type === 'api' || call.wantsJson ? read : pageUrl(ctx, fresh))
}
