import { ApiError } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import { type Call, type Reply, redirect } from '../../../kernel/http/index.ts'
import { resolveSession } from '../../../session/index.ts'
import { answerNew, beginning, requestedFlow } from '../begin.ts'
import type { Flow } from '../flow.ts'
import { publicUrl } from '../urls.ts'
import { buildSettingsForm } from './form.ts'
import { requireSettingsAal } from './guard.ts'

/** Begins to change one's own account (`GET /self-service/settings/{api,browser}`). */
export function beginSettings(ctx: Context, call: Call, type: Flow['type']): Promise<Reply> {
  return beginning(ctx, call, type, async () => {
    const signed = await resolveSession(ctx, call)
    if (!signed) return signInFirst(ctx, call, type)
    requireSettingsAal(ctx, call, signed.session, signed.identity)
    const flow = requestedFlow(ctx, call, 'settings', type)
    flow.identityId = signed.identity.document.id
    await buildSettingsForm(ctx, flow, signed)
    return answerNew(ctx, call, flow, signed.identity)
  })
}

/** Browsers are sent to sign in and come back if they said where to; `CredentialsMissing` is Kratos' own. */
function signInFirst(ctx: Context, call: Call, type: Flow['type']): Reply {
  if (type === 'browser' && !call.wantsJson) {
    const login = publicUrl(ctx, 'self-service/login/browser')
    const returnTo = call.search.get('return_to')
    if (returnTo) login.searchParams.set('return_to', publicUrl(ctx, call.target.slice(1)).toString())
    return redirect(login.toString())
  }
  throw ApiError.sessionInactive(type === 'browser' ? { beside: { CredentialsMissing: false } } : {})
}
