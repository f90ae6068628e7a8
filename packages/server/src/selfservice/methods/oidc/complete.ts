import { ApiError } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { StepResults, SubmissionContext } from '../../method.ts'
import type { ProviderConfig } from './config.ts'
import type { Proven } from './connection.ts'
import { callTo, requireProvider } from './offered-providers.ts'
import type { PendingRequest } from './pending.ts'
import { providerOf } from './providers/index.ts'
import type { KeptSecrets, Vouched } from './providers/provider.ts'
import { linkBy } from './settings.ts'
import { signInBy } from './sign-in.ts'
import { signUpBy } from './sign-up.ts'

/** What each flow does with a person that a provider vouches for. */
export const completions: {
  readonly [Name in 'login' | 'registration' | 'settings']: (
    submission: SubmissionContext<Name>,
    proven: Proven,
    traits: Record<string, unknown>,
  ) => Promise<StepResults[Name]>
} = {
  login: signInBy,
  registration: signUpBy,
  settings: async (submission, proven) => linkBy(submission, proven),
}

export type CompletedFlow = keyof typeof completions

/**
 * Redeems what a provider sent the browser back with. Throws 400 if the person or the provider refused, or if the
 * response is not valid, and 502 if the provider cannot be used.
 */
export async function provenByReturn(
  { ctx }: Pick<SubmissionContext, 'ctx'>,
  pending: PendingRequest,
  returned: URLSearchParams,
): Promise<Proven> {
  const config = requireProvider(ctx, pending.provider)
  return { config, vouched: await vouchedByReturn(ctx, config, { secrets: pending.secrets, returned }) }
}

/** Whom a provider vouches for in its response. */
export async function vouchedByReturn(
  ctx: Context,
  config: ProviderConfig,
  { secrets, returned }: { secrets: KeptSecrets; returned: URLSearchParams },
): Promise<Vouched> {
  const refusal = returned.get('error')
  if (refusal) throw refusedByProvider(refusal, returned.get('error_description') ?? '')
  const vouched = await providerOf(config).complete(callTo(ctx, config), returned, secrets)
  const { sub, iss } = vouched.claims
  if (!sub || !iss) throw ApiError.upstream(`The sign-in provider ${config.id} does not say who signed in.`)
  return vouched
}

const longestReason = 200

/** The texts of the provider come through the address of the browser, so that they are cut and made visible. */
function refusedByProvider(code: string, description: string): ApiError {
  const said = [code, description].filter(Boolean).join(': ')
  const visible = said.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, longestReason)
  return ApiError.badRequest({
    reason: `The sign-in provider refused: ${visible}`,
    details: { refusal: code.slice(0, longestReason) },
  })
}
