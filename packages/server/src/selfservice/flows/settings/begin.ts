import { ApiError } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { resolveSession } from '../../../session/index.ts'
import { publicUrl } from '../../flow/urls.ts'
import type { BeginOutcome } from '../../outcome.ts'
import { type BeginOptions, requestedFlow, storeNewFlow } from '../begin-flow.ts'
import { settingsForm } from './form.ts'
import { refuseWeakSession } from './guard.ts'

/** Begins to change one's own account. */
export async function beginSettings(ctx: Context, request: Call, options: BeginOptions): Promise<BeginOutcome> {
  const signed = await resolveSession(ctx, request)
  if (!signed) return signInFirst(ctx, options)
  const weak = refuseWeakSession(ctx, signed, options.return_to)
  if (weak) return weak
  const flow = requestedFlow(ctx, request, 'settings', options)
  flow.identityId = signed.identity.document.id
  await settingsForm.build(ctx, flow, signed)
  return storeNewFlow(ctx, request, flow, signed.identity)
}

/** Browsers are sent to sign in, and from there to where they asked to go; `CredentialsMissing` is Kratos's own. */
function signInFirst(ctx: Context, { type, return_to: returnTo }: BeginOptions): BeginOutcome {
  const login = publicUrl(ctx, 'self-service/login/browser')
  if (returnTo) login.searchParams.set('return_to', returnTo)
  const error = ApiError.sessionInactive(type === 'browser' ? { beside: { CredentialsMissing: false } } : {})
  return { type: 'refused', error, location: login.toString() }
}
