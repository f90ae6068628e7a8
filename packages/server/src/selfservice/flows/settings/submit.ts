import { ApiError, uiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import { type Call, type Reply, redirect } from '../../../kernel/http/index.ts'
import { resolveSession, type Signed, unauthenticated } from '../../../session/index.ts'
import type { SettingsOutcome } from '../../turn.ts'
import { clearFieldMessages, setCsrf } from '../../ui/container.ts'
import { speaksJson } from '../answer.ts'
import { newFlow } from '../begin.ts'
import { expiryContext, replaceExpired } from '../expired.ts'
import type { Flow } from '../flow.ts'
import { requireCsrf, type Submission, submitFlow } from '../submit.ts'
import { startPageUrl } from '../urls.ts'
import { keptSubmission } from './continuity.ts'
import { finishSettings } from './finish.ts'
import { buildSettingsForm, sortSettings } from './form.ts'
import { requireSettingsAal } from './guard.ts'

const noMethod = uiText(4010004)

const settings: Submission<SettingsOutcome> = {
  name: 'settings',
  explains404: true,
  noMethod,
  guard,
  restart,
  kept: (call, flow) => keptSubmission(call, flow),
  csrf(turn) {
    // What was kept for this browser was checked when it was sent.
    if (turn.resumed) return
    requireCsrf(turn)
  },
  clear({ flow }, error) {
    clearFieldMessages(flow.ui)
    const told = error.messages.some(({ id }) => id === noMethod.id)
    if (told || (error.messages.length === 0 && flow.state !== 'success')) delete flow.ui.messages
  },
  arrange({ ctx, flow, signed }) {
    setCsrf(flow.ui, flow.csrfToken)
    if (signed) sortSettings(ctx, flow, signed)
  },
  finish: finishSettings,
}

/** Takes a submission of a settings form (`POST /self-service/settings`), or one that was kept for a sign-in. */
export function submitSettings(ctx: Context, call: Call): Promise<Reply> {
  return submitFlow(ctx, call, settings)
}

/** Only its own person submits a settings flow. */
async function guard(ctx: Context, call: Call, flow: Flow, signed: Signed | undefined): Promise<Reply | undefined> {
  if (!signed) {
    if (speaksJson(call, flow.type)) throw unauthenticated()
    return redirect(startPageUrl(ctx, 'login'), 302)
  }
  if (flow.identityId !== signed.identity.document.id) throw ApiError.identityMismatch()
  requireSettingsAal(ctx, call, signed.session, signed.identity)
  return undefined
}

async function restart(ctx: Context, call: Call, expired: Flow): Promise<Reply> {
  const signed = await resolveSession(ctx, call)
  const early = await guard(ctx, call, expired, signed)
  if (early || !signed) return early ?? redirect(startPageUrl(ctx, 'login'), 302)
  const fresh = {
    ...newFlow(ctx, call, 'settings', expired.type, expired.returnTo),
    requestUrl: expired.requestUrl,
    identityId: expired.identityId,
  }
  await buildSettingsForm(ctx, fresh, signed)
  return replaceExpired(ctx, call, expired, fresh, uiText(4050001, expiryContext(expired)))
}
