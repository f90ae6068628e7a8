import { compiledSchema } from '../../../identity/index.ts'
import { isTree } from '../../../kernel/config/walk.ts'
import { hasExchange } from '../../exchange/exchange.ts'
import { structureOf, textField, transientPayload } from '../../flow/body.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import { completeTraits, submittedTraits } from '../../flow/traits.ts'
import type { LeaveFlow, SubmissionContext } from '../../method.ts'
import type { ProviderConfig } from './config.ts'
import { callTo } from './offered-providers.ts'
import { keepPending } from './pending.ts'
import { providerOf } from './providers/index.ts'

/**
 * The parameters that a form can pass on to the provider. As in Kratos after v26.2.0, `login_hint` is not one of them:
 * it can be made to replace the client of the request at some providers.
 */
const forwardedParameters = ['hd', 'prompt', 'auth_type', 'acr_values']
const longestParameter = 512

/** Begins a sign-in at a provider, to which the browser goes on. */
export async function leaveForProvider(
  submission: SubmissionContext,
  config: ProviderConfig,
  traits: Record<string, unknown>,
): Promise<LeaveFlow> {
  const { ctx, request, flow, body } = submission
  const state = ctx.random.token(43)
  const { url, kept } = await providerOf(config).begin(callTo(ctx, config), {
    state,
    isForced: flow.refresh === true,
    parameters: upstreamParameters(submission),
  })
  const cookies = await keepPending(ctx, request, {
    ...{ flow, state },
    isBound: flow.type === 'browser' || !(await hasExchange(ctx, flow)),
    kept: {
      ...{ flowName: flow.name, provider: config.id, secrets: kept, traits },
      transientPayload: transientPayload(body),
    },
  })
  return { leaveFor: url, cookies }
}

/** A form gives the parameters by dotted names, and JSON as an object. */
function upstreamParameters({ body }: SubmissionContext): Record<string, string> {
  const given = structureOf(body.upstream_parameters)
  const asked = isTree(given) ? given : {}
  const found = forwardedParameters.map((name) => [name, asked[name] ?? textField(body, `upstream_parameters.${name}`)])
  return Object.fromEntries(
    found.filter(([, value]) => typeof value === 'string' && value !== '' && value.length <= longestParameter),
  )
}

/** The traits that go along; they are validated together with those of the provider. Forms get the empty objects of the schema, as in Kratos. */
export function traitsToKeep(submission: SubmissionContext): Record<string, unknown> {
  const { ctx, flow, body } = submission
  if (flow.type === 'api') return submittedTraits(submission)
  return completeTraits(body, compiledSchema(ctx, schemaOf(ctx, flow)))
}
