import type { Context } from '../../kernel/context.ts'
import type { Call, Reply } from '../../kernel/http/index.ts'
import type { Flow, FlowName } from './flow.ts'
import { beginLogin } from './login/begin.ts'
import { beginRecovery } from './recovery/begin.ts'
import { beginRegistration } from './registration/begin.ts'
import { beginSettings } from './settings/begin.ts'
import { beginVerification } from './verification/begin.ts'

/** What begins each kind of flow. */
export const beginFlow: Readonly<Record<FlowName, (ctx: Context, call: Call, type: Flow['type']) => Promise<Reply>>> = {
  login: beginLogin,
  registration: beginRegistration,
  recovery: beginRecovery,
  verification: beginVerification,
  settings: beginSettings,
}
