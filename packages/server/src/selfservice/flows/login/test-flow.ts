import { ApiError, type LoginFlowTestContext, type LoginFlowTestDebugPayload, uiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { sameText } from '../../../kernel/keys.ts'
import { browserCookie } from '../../flow/continuity.ts'
import { newFlow } from '../../flow/create.ts'
import type { FlowOf } from '../../flow/flow.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import { internalState, setInternalState } from '../../flow/internal-state.ts'
import { deleteFlow, findFlow, insertFlow, saveFlow } from '../../flow/store.ts'
import { pageUrl, publicText } from '../../flow/urls.ts'
import { isSwitchedOn } from '../../methods/index.ts'
import { vouchedByReturn } from '../../methods/oidc/complete.ts'
import { oidc } from '../../methods/oidc/index.ts'
import { providerButton, providerName, requireProvider } from '../../methods/oidc/offered-providers.ts'
import { type PendingRequest, takePending } from '../../methods/oidc/pending.ts'
import { describeSignIn } from '../../methods/oidc/test-sign-in.ts'
import type { Outcome } from '../../outcome.ts'
import { csrfNode } from '../../ui/nodes.ts'

const cookieName = 'ory_kratos_test_flow'
const keyPurpose = 'test of a provider'
const stateName = 'test'

interface Captured {
  readonly payload: LoginFlowTestDebugPayload
}

/** Creates a login flow that tests a provider. Throws 404 if there is none of this id. */
export async function createTestFlow(ctx: Context, request: Call, providerId: string): Promise<FlowOf<'login'>> {
  if (!isSwitchedOn(ctx, oidc)) throw ApiError.notFound({ reason: 'The method oidc is switched off.' })
  const config = requireProvider(ctx, providerId)
  const requestUrl = publicText(ctx, request.target)
  const flow: FlowOf<'login'> = {
    ...newFlow(ctx, request, { name: 'login', type: 'browser', requestUrl }),
    ...{ name: 'login', aal: 'aal1', refresh: false, testedProvider: config.id, csrfToken: '' },
  }
  const label = uiText(1010002, { provider: providerName(config), provider_id: config.id })
  flow.ui.nodes = [providerButton('provider', config, label), csrfNode(ctx.random.token(43))]
  await insertFlow(ctx, flow)
  return withTestContext(ctx, flow)
}

/** Ends a test when the browser comes back: what the provider said is kept, and shown to this browser only. */
export async function captureTest(
  ctx: Context,
  flow: FlowOf<'login'>,
  { pending, returned }: { pending: PendingRequest; returned: URLSearchParams },
): Promise<Outcome> {
  await takePending(ctx, pending)
  const config = requireProvider(ctx, pending.provider)
  const payload = await describeSignIn(ctx, { config, schemaId: schemaOf(ctx, flow) }, () =>
    vouchedByReturn(ctx, config, { secrets: pending.secrets, returned }),
  )
  setInternalState(ctx, flow, stateName, { payload } satisfies Captured)
  flow.state = 'passed_challenge'
  await saveFlow(ctx, flow)
  const cookie = browserCookie(ctx, cookieName, ctx.keys.mac(keyPurpose, flow.id))
  return { type: 'redirected', location: pageUrl(ctx, flow), cookies: [cookie] }
}

/** The flow with what is known of the test. */
export function withTestContext(ctx: Context, flow: FlowOf<'login'>): FlowOf<'login'> {
  const { testedProvider } = flow
  if (testedProvider === undefined) return flow
  const captured = internalState<Captured>(ctx, flow, stateName)
  const testContext: LoginFlowTestContext = {
    provider_id: testedProvider,
    ...(captured && { debug_payload: captured.payload }),
  }
  return { ...flow, testContext }
}

/** Throws 403 unless the test has not been captured yet, or by this browser. */
export function requireTester(ctx: Context, request: Call, flow: FlowOf<'login'>): void {
  if (flow.testedProvider === undefined || flow.state !== 'passed_challenge') return
  const own = ctx.keys.macs(keyPurpose, flow.id)
  if (request.cookies(cookieName).some((cookie) => own.some((mac) => sameText(mac, cookie)))) return
  throw ApiError.forbidden({ reason: 'The test was made in another browser.' })
}

/** Deletes a test. Throws 404 if there is none, and 403 if it was captured in another browser. */
export async function deleteTestFlow(ctx: Context, request: Call, id: string): Promise<string> {
  const flow = await findFlow(ctx, 'login', id)
  if (flow?.testedProvider === undefined) throw ApiError.notFound({ reason: 'There is no such test.' })
  requireTester(ctx, request, flow)
  await deleteFlow(ctx, flow)
  return browserCookie(ctx, cookieName, '')
}
