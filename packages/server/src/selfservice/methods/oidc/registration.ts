import { UpdateRegistrationFlowWithOidcMethod, uiText } from '@latchkey/api'
import { transientPayload } from '../../flow/body.ts'
import { FlowError } from '../../flow/flow.ts'
import { decodeTraits } from '../../flow/traits.ts'
import type { RegistrationStep, SubmissionContext } from '../../method.ts'
import { provenByToken } from './app-token.ts'
import { offeredProviders, providerButton, providerName, requireProvider } from './offered-providers.ts'
import { showMissingTraits, signUpBy } from './sign-up.ts'
import { leaveForProvider, traitsToKeep } from './start.ts'

/** Signing up at a provider. */
export const registration: RegistrationStep<typeof UpdateRegistrationFlowWithOidcMethod> = {
  body: UpdateRegistrationFlowWithOidcMethod,
  nodes: (ctx) =>
    offeredProviders(ctx).map((one) =>
      providerButton('provider', one, uiText(1040002, { provider: providerName(one), provider_id: one.id })),
    ),
  showMistake: showMissingTraits,
  decode(submission, { provider: id, id_token: token, id_token_nonce: nonce }) {
    if (!id) {
      decodeTraits(submission)
      throw new FlowError({ messages: [uiText(4010003)], keepsForm: true })
    }
    const config = requireProvider(submission.ctx, id)
    transientPayload(submission.body)
    const traits = traitsToKeep(submission)
    if (!token) return () => leaveForProvider(submission, config, traits)
    return async () => {
      const proven = await provenByToken(submission.ctx, config, { token, nonce })
      return signUpBy(submission as SubmissionContext<'registration'>, proven, traits)
    }
  },
}
