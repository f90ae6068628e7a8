import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import type { FlowName } from '../flow/flow.ts'
import type { BeginOutcome } from '../outcome.ts'
import type { BeginOptions } from './begin-flow.ts'
import { beginLogin } from './login/begin.ts'
import { beginRecovery } from './recovery/begin.ts'
import { beginRegistration } from './registration/begin.ts'
import { beginSettings } from './settings/begin.ts'
import { beginVerification } from './verification/begin.ts'

/** The function that creates each flow, by flow name. */
export const beginFlow: Readonly<
  Record<FlowName, (ctx: Context, request: Call, options: BeginOptions) => Promise<BeginOutcome>>
> = {
  login: beginLogin,
  registration: beginRegistration,
  recovery: beginRecovery,
  verification: beginVerification,
  settings: beginSettings,
}
