import { uiText } from '@latchkey/api'
import { compiledSchema, findByIdentifier, violationMessages } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { FlowError } from '../../flow/flow.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import { storeSubmitted } from '../../flow/traits.ts'
import type { Registered, SignInInstead, SubmissionContext } from '../../method.ts'
import { csrfNode } from '../../ui/nodes.ts'
import { traitNodes } from '../../ui/traits.ts'
import { connectionFrom, identifierOf, newCredential, type Proven } from './connection.ts'
import { mergeTraits } from './mapped-traits.ts'
import { mapClaims } from './mapper.ts'
import { providerButton, providerName, requireProvider } from './offered-providers.ts'
import { proofOf } from './proof.ts'
import { updatedIdentity } from './update-on-login.ts'

/** Signs up whom a provider vouches for. Somebody who has an account already is signed in to it. */
export async function signUpBy(
  submission: SubmissionContext<'registration'>,
  proven: Proven,
  traits: Record<string, unknown>,
): Promise<Registered | SignInInstead> {
  const { ctx } = submission
  const known = await findByIdentifier(ctx, 'oidc', identifierOf(proven))
  if (!known) return registrationFrom(submission, proven, traits)
  return { signInInstead: { identity: await updatedIdentity(ctx, known, proven), proof: proofOf(proven) } }
}

/** What a new identity begins with. Throws FlowError, so that the form asks for it, if something is missing or wrong. */
export async function registrationFrom(
  submission: SubmissionContext<'registration'>,
  proven: Proven,
  submitted: Record<string, unknown>,
): Promise<Registered> {
  const { ctx, flow, submittedValues } = submission
  const { config, vouched } = proven
  const mapped = await mapClaims(ctx, config, vouched.claims)
  const traits = mergeTraits(mapped.traits, submitted)
  const schema = compiledSchema(ctx, schemaOf(ctx, flow))
  storeSubmitted(submission, schema, traits)
  submittedValues.set(providerField, config.id)
  const wrong = violationMessages(schema.validate(traits))
  if (wrong.length > 0) throw new FlowError({ fields: wrong })
  const connection = connectionFrom(proven)
  return {
    ...{ traits, verified: mapped.verified, proof: proofOf(proven) },
    metadata: { public: mapped.metadataPublic, admin: mapped.metadataAdmin },
    credentials: { oidc: newCredential(ctx, connection) },
    link: { credential: 'oidc', connection, label: providerName(config) },
  }
}

const providerField = 'provider'

/** Shows only what the provider did not say, or said wrongly, and the button that goes on with it. */
export function showMissingTraits({ ctx, flow, request, submittedValues }: SubmissionContext): void {
  const id = submittedValues.get(providerField)
  if (typeof id !== 'string') return
  const button = providerButton('provider', requireProvider(ctx, id), uiText(1040003))
  const token = flow.type === 'browser' ? request.csrf.knownFormToken() : ''
  flow.ui.nodes = [button, csrfNode(token), ...traitNodes(ctx, schemaOf(ctx, flow), traitGroup(ctx))]
}

/** As in older versions of Kratos, if configured. */
function traitGroup(ctx: Context): 'oidc' | 'default' {
  return ctx.config.identity.feature_flags.legacy_oidc_registration_node_group ? 'oidc' : 'default'
}
