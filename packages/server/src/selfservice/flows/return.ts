import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { actingAsOwner, resolveSession, type Signed } from '../../session/index.ts'
import type { FlowName, FlowOf } from '../flow/flow.ts'
import { destination } from '../flow/return-to.ts'
import { noteStep } from '../flow/steps.ts'
import { findFlow, saveSteps } from '../flow/store.ts'
import { publicText } from '../flow/urls.ts'
import type { SubmissionContext } from '../method.ts'
import { isSwitchedOn } from '../methods/index.ts'
import { type CompletedFlow, completions, provenByReturn } from '../methods/oidc/complete.ts'
import { oidc } from '../methods/oidc/index.ts'
import { findPending, type PendingRequest, requireOwnBrowser, takePending } from '../methods/oidc/pending.ts'
import type { Outcome } from '../outcome.ts'
import { formOf } from './forms.ts'
import { login } from './login/submit.ts'
import { captureTest } from './login/test-flow.ts'
import { registration } from './registration/submit.ts'
import { settings } from './settings/submit.ts'
import { carryOn, isExpired, noteSubmission, type Submitted } from './submission.ts'
import type { SubmissionRules } from './submission-rules.ts'

const rulesOf: { readonly [Name in CompletedFlow]: SubmissionRules<Name> } = { login, registration, settings }

/** The parameters of an authorization response must occur once (RFC 6749, section 3.1). */
const parameters = ['code', 'authCode', 'state', 'error', 'iss', 'oauth_token', 'oauth_verifier']

/** Carries on a flow when a browser comes back from a sign-in provider. `provider` is the one that the address names. */
export async function returnFromProvider(
  ctx: Context,
  request: Call,
  provider: string | undefined,
): Promise<Submitted<CompletedFlow>> {
  try {
    const pending = await pendingOf(ctx, request, provider)
    return await carryOnFlow(ctx, request, pending, pending.flowName)
  } catch (error) {
    return { name: 'login', error, type: 'browser' }
  }
}

/** More than any provider sends, and few enough for an address. */
const longestForm = 16 << 10

/** The address at which a response that came as a form is read, with its parameters in the query. Throws 413. */
export function returnByGet(ctx: Context, call: Call): string {
  if (call.bodyText.length > longestForm) throw ApiError.tooLarge(longestForm)
  const sent = call.contentType === 'application/x-www-form-urlencoded' ? new URLSearchParams(call.bodyText) : []
  const query = new URLSearchParams(call.search)
  for (const [name, value] of sent) query.append(name, value)
  return `${publicText(ctx, call.path)}?${query}`
}

async function pendingOf(
  ctx: Context,
  { search }: Call,
  provider: string | undefined,
): Promise<PendingRequest & { flowName: CompletedFlow }> {
  if (!isSwitchedOn(ctx, oidc)) throw ApiError.notFound({ reason: 'The method oidc is switched off.' })
  const repeated = parameters.find((name) => search.getAll(name).length > 1)
  if (repeated) throw ApiError.badRequest({ reason: `The parameter ${repeated} is repeated.` })
  const state = search.get('state')
  if (!state) throw ApiError.badRequest({ reason: 'The response of the sign-in provider has no state.' })
  const pending = await findPending(ctx, state)
  const { flowName } = pending
  if (!(flowName in completions)) throw new Error(`a ${flowName} flow does not go on at a provider`)
  if (provider !== undefined && provider !== pending.provider)
    throw ApiError.badRequest({ reason: 'The response belongs to another sign-in provider.' })
  return { ...pending, flowName: flowName as CompletedFlow }
}

async function carryOnFlow<Name extends CompletedFlow>(
  ctx: Context,
  request: Call,
  pending: PendingRequest,
  name: Name,
): Promise<Submitted<CompletedFlow>> {
  const flow = await findFlow(ctx, name, pending.flowId)
  if (!flow) throw ApiError.notFound({ reason: 'There is no such flow.' })
  requireOwnBrowser(ctx, request, pending)
  // The browser of an app's user may be signed in itself, which does not concern the app.
  const signed = flow.type === 'browser' ? await resolveSession(ctx, request) : undefined
  const rules = rulesOf[name] as unknown as SubmissionRules<Name>
  const type = flow.type
  noteSubmission(ctx, request, { flow, signed })
  noteStep(ctx, flow, 'method', { method: oidc.name })
  try {
    if (isExpired(ctx, flow)) return { name, outcome: await rules.restart(ctx, request, flow, signed), type }
    if (flow.testedProvider !== undefined) {
      const outcome = await captureTest(ctx, flow as FlowOf<'login'>, { pending, returned: request.search })
      return { name, outcome, type }
    }
    const early = await earlyOutcome(ctx, request, { flow, signed, rules })
    if (early) return { name, outcome: early, type }
    const acting = signed ? actingAsOwner(ctx, signed) : ctx
    flow.transientPayload = pending.transientPayload
    const submission: SubmissionContext<Name> = {
      ...{ ctx: acting, request, flow, signed, form: formOf(acting, flow, signed) },
      ...{ source: 'provider', body: {}, submittedValues: new Map() },
    }
    const outcome = await carryOn(submission, rules, {
      method: oidc.name,
      async attempt() {
        await takePending(acting, pending)
        const proven = await provenByReturn(submission, pending, request.search)
        return completions[name](submission, proven, pending.traits)
      },
    })
    return { name, outcome, type }
  } catch (error) {
    return { name, error, type }
  } finally {
    await saveSteps(ctx, flow)
  }
}

/** Somebody who is signed in already goes on, unless they sign in again or connect an account. */
async function earlyOutcome<Name extends FlowName>(
  ctx: Context,
  request: Call,
  { flow, signed, rules }: { flow: FlowOf<Name>; signed: Signed | undefined; rules: SubmissionRules<Name> },
): Promise<Outcome | undefined> {
  if (flow.name === 'settings')
    return rules.admit?.(ctx, signed) ?? (await rules.guard?.(ctx, request, { flow, signed }))
  if (!signed || flow.refresh) return undefined
  return { type: 'redirected', location: destination(ctx, flow.returnTo) }
}
