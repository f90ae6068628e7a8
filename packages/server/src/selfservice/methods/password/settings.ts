import { UpdateSettingsFlowWithPasswordMethod, uiText } from '@latchkey/api'
import { hashPassword, verifyPassword } from '../../../identity/index.ts'
import { timestamp } from '../../../kernel/clock.ts'
import { hashingTurn } from '../../../limit/index.ts'
import { FlowError } from '../../flow/flow.ts'
import type { SettingsChange, SettingsStep, SubmissionContext } from '../../method.ts'
import { methodButton } from '../../ui/nodes.ts'
import { passwordField } from './nodes.ts'
import { requireGoodPassword } from './registration.ts'

/** Setting a new password. */
export const settings: SettingsStep<typeof UpdateSettingsFlowWithPasswordMethod> = {
  body: UpdateSettingsFlowWithPasswordMethod,
  privileged: true,
  nodes: () => [passwordField('new-password'), methodButton('password', 'password', uiText(1070003))],
  decode(submission, { password: given }) {
    if (!given)
      throw new FlowError({ fields: [{ field: 'password', message: uiText(4000002, { property: 'password' }) }] })
    return () => change(submission, given)
  },
}

async function change(submission: SubmissionContext, given: string): Promise<SettingsChange> {
  const { ctx, signed } = submission
  const turn = hashingTurn(submission.request)
  const before = signed?.identity.credentials.password
  await requireGoodPassword(ctx, given, before?.identifiers ?? [])
  const old = before?.config.hashed_password
  if (typeof old === 'string' && (await verifyPassword(given, old, turn))) {
    throw new FlowError({ fields: [{ field: 'password', message: uiText(4000039) }] })
  }
  const hashed = await hashPassword(ctx, given, turn)
  const now = timestamp(ctx.clock.now())
  return {
    change(identity) {
      const credential = identity.credentials.password ?? {
        type: 'password' as const,
        identifiers: [],
        config: {},
        version: 0,
        created_at: now,
        updated_at: now,
      }
      const password = { ...credential, config: { hashed_password: hashed }, updated_at: now }
      return { ...identity, credentials: { ...identity.credentials, password } }
    },
  }
}
