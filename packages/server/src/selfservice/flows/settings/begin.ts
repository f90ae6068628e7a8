import { ApiError } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { resolveSession } from '../../../session/index.ts'
import { publicUrl } from '../../flow/urls.ts'
import type { BeginOutcome } from '../../outcome.ts'
import { type BeginOptions, requestedFlow, storeNewFlow } from '../begin-flow.ts'
import { settingsForm } from './form.ts'
import { refuseWeakSession } from './guard.ts'

/** Creates a settings flow. */
export async function beginSettings(ctx: Context, request: Call, options: BeginOptions): Promise<BeginOutcome> {
  const signed = await resolveSession(ctx, request)
  if (!signed) return signInFirst(ctx, options)
  const weak = refuseWeakSession(ctx, signed, options.return_to)
  if (weak) return weak
  const flow = requestedFlow(ctx, request, 'settings', options)
  flow.identityId = signed.identity.document.id
  await settingsForm.build(ctx, flow, signed)
  return storeNewFlow(ctx, request, flow, signed)
}

/** Redirects browsers to login and then to the requested URL. `CredentialsMissing` is a member specific to Kratos. */
function signInFirst(ctx: Context, { type, return_to: returnTo }: BeginOptions): BeginOutcome {
  const login = publicUrl(ctx, 'self-service/login/browser')
  if (returnTo) login.searchParams.set('return_to', returnTo)
  const error = ApiError.sessionInactive(type === 'browser' ? { beside: { CredentialsMissing: false } } : {})
  return { type: 'refused', error, location: login.toString() }
}
