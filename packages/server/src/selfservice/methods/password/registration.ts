import { UpdateRegistrationFlowWithPasswordMethod, uiText } from '@latchkey/api'
import { compiledSchema, hashPassword, maxPasswordBytes } from '../../../identity/index.ts'
import { timestamp } from '../../../kernel/clock.ts'
import type { Context } from '../../../kernel/context.ts'
import { hashingTurn } from '../../../limit/index.ts'
import { FlowError } from '../../flow/flow.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import { decodeTraits } from '../../flow/traits.ts'
import type { Registered, RegistrationStep, SubmissionContext } from '../../method.ts'
import { methodButton } from '../../ui/nodes.ts'
import { passwordField } from './nodes.ts'
import { checkPassword } from './policy.ts'

/** Signing up with a password. */
export const registration: RegistrationStep<typeof UpdateRegistrationFlowWithPasswordMethod> = {
  body: UpdateRegistrationFlowWithPasswordMethod,
  nodes: () => [passwordField('new-password'), methodButton('password', 'password', uiText(1040001))],
  decode(submission, { password: given }) {
    const missing = given ? [] : [{ field: 'password', message: uiText(4000002, { property: 'password' }) }]
    const traits = decodeTraits(submission, missing)
    return () => register(submission, traits, given)
  },
}

async function register(
  submission: SubmissionContext,
  traits: Record<string, unknown>,
  given: string,
): Promise<Registered> {
  const { ctx, flow } = submission
  const { identifiers } = compiledSchema(ctx, schemaOf(ctx, flow)).extract(traits)
  const own = identifiers.filter(({ type }) => type === 'password').map(({ value }) => value)
  // Without an identifier, nobody could sign in with the password. As in Kratos, this is checked before the password.
  if (own.length === 0) throw new FlowError({ messages: [uiText(4000009)] })
  await requireGoodPassword(ctx, given, own)
  const hashed = await hashPassword(ctx, given, hashingTurn(submission.request, { kind: 'sign-up' }))
  const now = timestamp(ctx.clock.now())
  const password = {
    type: 'password' as const,
    identifiers: [],
    config: { hashed_password: hashed },
    version: 0,
    created_at: now,
    updated_at: now,
  }
  return { traits, credentials: { password }, proof: { method: 'password', aal: 'aal1' } }
}

/** Throws FlowError beside the field if a new password may not be used. */
export async function requireGoodPassword(ctx: Context, given: string, identifiers: readonly string[]): Promise<void> {
  const { hashers, selfservice } = ctx.config.identity
  const message = await checkPassword(ctx, given, identifiers, selfservice.methods.password.config, {
    maxBytes: maxPasswordBytes(hashers),
  })
  if (message) throw new FlowError({ fields: [{ field: 'password', message }] })
}
