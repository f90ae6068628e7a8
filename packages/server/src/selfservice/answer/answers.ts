import type * as api from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { JsonReply, ReplyTo, TextReply } from '../../kernel/http/index.ts'
import type { AnyFlowView } from '../flow/view.ts'
import type { Outcomes } from '../outcome.ts'

/** What each outcome is answered with, as the contract declares it. */
interface Replies {
  begun: TextReply
  shown: JsonReply<200 | 400, AnyFlowView> | TextReply
  left: TextReply
  replaced: TextReply
  refused: TextReply
  redirected: TextReply
  signedIn: ReplyTo<typeof api.updateLoginFlow>
  registered: ReplyTo<typeof api.updateRegistrationFlow>
  settingsChanged: ReplyTo<typeof api.updateSettingsFlow>
  changeDeferred: ReplyTo<typeof api.updateSettingsFlow>
  recovered: ReplyTo<typeof api.updateRecoveryFlow>
}

/** How one sort of client is answered: a reply for every outcome. */
export type Answers = {
  readonly [Type in keyof Outcomes]: (ctx: Context, outcome: Outcomes[Type]) => Replies[Type]
}
