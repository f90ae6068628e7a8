import { ApiError } from '@latchkey/api'
import { keepSubmission } from '../../flow/continuity.ts'
import { saveFlow } from '../../flow/store.ts'
import { publicUrl } from '../../flow/urls.ts'
import type { SubmissionContext } from '../../method.ts'
import type { Outcome } from '../../outcome.ts'

/** Requires a recent sign-in to change credentials. Submissions of browsers are stored and resumed after it. */
export async function askToSignIn(
  { ctx, flow, body }: SubmissionContext<'settings'>,
  method: string,
): Promise<Outcome> {
  const login = publicUrl(ctx, 'self-service/login/browser')
  login.searchParams.set('refresh', 'true')
  login.searchParams.set('return_to', `${publicUrl(ctx, 'self-service/settings')}?flow=${flow.id}`)
  const cookies: string[] = []
  if (flow.type === 'browser' || method === 'profile') {
    cookies.push(keepSubmission(ctx, flow, body))
    await saveFlow(ctx, flow)
  }
  const location = login.toString()
  return { type: 'refused', error: ApiError.sessionRefreshRequired(location), location, cookies }
}
