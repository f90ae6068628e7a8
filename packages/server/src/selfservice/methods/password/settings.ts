import { uiText } from '@latchkey/api'
import { hashPassword, verifyPassword } from '../../../identity/index.ts'
import { timestamp } from '../../../kernel/clock.ts'
import { textField } from '../../flows/body.ts'
import { FlowError } from '../../flows/flow.ts'
import type { SettingsOutcome, Step, Turn } from '../../turn.ts'
import { methodButton } from '../../ui/nodes.ts'
import { passwordField } from './nodes.ts'
import { requireGoodPassword } from './registration.ts'

/** Setting a new password. */
export const settings: Step<SettingsOutcome> = {
  nodes: () => [passwordField('new-password'), methodButton('password', 'password', uiText(1070003))],
  decode(turn) {
    const given = textField(turn.body, 'password')
    if (!given)
      throw new FlowError({ fields: [{ field: 'password', message: uiText(4000002, { property: 'password' }) }] })
    return () => change(turn, given)
  },
}

async function change({ ctx, signed }: Turn, given: string): Promise<SettingsOutcome> {
  const before = signed?.identity.credentials.password
  await requireGoodPassword(ctx, given, before?.identifiers ?? [])
  const old = before?.config.hashed_password
  if (typeof old === 'string' && (await verifyPassword(given, old))) {
    throw new FlowError({ fields: [{ field: 'password', message: uiText(4000039) }] })
  }
  const hashed = await hashPassword(ctx, given)
  const now = timestamp(ctx.clock.now())
  return {
    privileged: true,
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
