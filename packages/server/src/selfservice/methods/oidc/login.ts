import { ApiError, type UiNode, UpdateLoginFlowWithOidcMethod, uiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Signed } from '../../../session/index.ts'
import { transientPayload } from '../../flow/body.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import type { LoginStep, SubmissionContext } from '../../method.ts'
import { nodeValue } from '../../ui/nodes.ts'
import { provenByToken } from './app-token.ts'
import {
  connectionsOf,
  linkedProviders,
  offeredProviders,
  providerButton,
  providerName,
  requireProvider,
} from './offered-providers.ts'
import { signInBy } from './sign-in.ts'
import { leaveForProvider, traitsToKeep } from './start.ts'

/** Signing in at a provider. */
export const login: LoginStep<typeof UpdateLoginFlowWithOidcMethod> = {
  body: UpdateLoginFlowWithOidcMethod,
  usableBy: ({ credentials }) => (credentials.oidc?.identifiers.length ?? 0) > 0,
  fits: (node, identity) => connectionsOf(identity).some(({ provider }) => provider === nodeValue(node)),
  nodes: loginButtons,
  decode(submission, { provider: id, id_token: token, id_token_nonce: nonce }) {
    if (!id) throw new FlowError({ messages: [uiText(4010002)], keepsForm: true })
    const config = requireProvider(submission.ctx, id)
    const { testedProvider = id } = submission.flow
    if (testedProvider !== id) throw ApiError.notFound({ reason: 'This flow tests another sign-in provider.' })
    if (submission.flow.testedProvider !== undefined) return () => leaveForProvider(submission, config, {})
    transientPayload(submission.body)
    const traits = traitsToKeep(submission)
    if (!token) return () => leaveForProvider(submission, config, traits)
    return async () => {
      const proven = await provenByToken(submission.ctx, config, { token, nonce })
      return signInBy(submission as SubmissionContext<'login'>, proven, traits)
    }
  },
}

/** Somebody who signs in again is offered the providers that they are connected to. */
function loginButtons(ctx: Context, flow: Flow, signed: Signed | undefined): UiNode[] {
  const known = signed && linkedProviders(ctx, signed.identity)
  const providers = flow.refresh ? (known ?? []) : offeredProviders(ctx)
  return providers.map((one) =>
    providerButton('provider', one, uiText(1010002, { provider: providerName(one), provider_id: one.id })),
  )
}
