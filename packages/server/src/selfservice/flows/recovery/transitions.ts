import { ApiError } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import type { Session } from '../../../session/index.ts'
import type { Flow } from '../../flow/flow.ts'
import { flowUrl, pageUrl } from '../../flow/urls.ts'
import type { Outcome } from '../../outcome.ts'

/**
 * Whether apps and scripts learn what comes next from `continue_with`. Otherwise recovery answers as Kratos did before:
 * with 422 and the URL of the settings after it, and with a redirect to the API where a flow was replaced.
 */
export function usesContinueWith(ctx: Context): boolean {
  return ctx.config.identity.feature_flags.use_continue_with_transitions
}

/** Leads to the settings. As in Kratos, an app does not receive its session token in this way. */
export function leadToSettings(
  ctx: Context,
  request: Call,
  { settings, ...begun }: { settings: Flow; session: Session; cookies: readonly string[] },
): Outcome {
  const location = pageUrl(ctx, settings)
  if (!request.wantsJson) return { type: 'redirected', location, ...begun }
  return { type: 'refused', error: ApiError.locationChangeRequired(location), location, ...begun }
}

/** Leads to a replacement for a flow that cannot be used any more. */
export function leadToReplacement(ctx: Context, request: Call, fresh: Flow): Outcome {
  return { type: 'redirected', location: request.wantsJson ? flowUrl(ctx, fresh) : pageUrl(ctx, fresh) }
}
