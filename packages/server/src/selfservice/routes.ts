import * as api from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import { bind, type Call, json, type Reply, type Route } from '../kernel/http/index.ts'
import { readFlowError } from './errors/store.ts'
import { exchangeToken } from './flows/exchange.ts'
import type { Flow, FlowName } from './flows/flow.ts'
import { beginLogin } from './flows/login/begin.ts'
import { submitLogin } from './flows/login/submit.ts'
import { beginLogout, performLogout, performNativeLogout } from './flows/logout/logout.ts'
import { readFlow } from './flows/read.ts'
import { createRecoveryCode, createRecoveryLink } from './flows/recovery/admin.ts'
import { beginRecovery } from './flows/recovery/begin.ts'
import { submitRecovery } from './flows/recovery/submit.ts'
import { beginRegistration } from './flows/registration/begin.ts'
import { submitRegistration } from './flows/registration/submit.ts'
import { beginSettings } from './flows/settings/begin.ts'
import { submitSettings } from './flows/settings/submit.ts'
import { beginVerification } from './flows/verification/begin.ts'
import { submitVerification } from './flows/verification/submit.ts'

type Begin = (ctx: Context, call: Call, type: Flow['type']) => Promise<Reply>
type Answer = (ctx: Context, call: Call) => Promise<Reply>

const native = (begin: Begin) => (ctx: Context, _input: unknown, call: Call) => begin(ctx, call, 'api')
const browser = (begin: Begin) => (ctx: Context, _input: unknown, call: Call) => begin(ctx, call, 'browser')
const read = (name: FlowName) => (ctx: Context, _input: unknown, call: Call) => readFlow(ctx, call, name)
const answer = (run: Answer) => (ctx: Context, _input: unknown, call: Call) => run(ctx, call)

/** A form is submitted by POST; a GET on its address is a submission too, for links in messages and for coming back. */
function submission(operation: api.OperationSpec, run: Answer): Route[] {
  const post = bind(operation, answer(run))
  return [post, { ...post, method: 'GET' }]
}

/** The six self-service flows. */
export const selfserviceRoutes: readonly Route[] = [
  bind(api.createNativeLoginFlow, native(beginLogin)),
  bind(api.createBrowserLoginFlow, browser(beginLogin), 'set'),
  bind(api.getLoginFlow, read('login'), 'set'),
  ...submission(api.updateLoginFlow, submitLogin),

  bind(api.createNativeRegistrationFlow, native(beginRegistration)),
  bind(api.createBrowserRegistrationFlow, browser(beginRegistration), 'set'),
  bind(api.getRegistrationFlow, read('registration'), 'set'),
  ...submission(api.updateRegistrationFlow, submitRegistration),

  bind(api.createNativeRecoveryFlow, native(beginRecovery)),
  bind(api.createBrowserRecoveryFlow, browser(beginRecovery), 'set'),
  bind(api.getRecoveryFlow, read('recovery'), 'set'),
  ...submission(api.updateRecoveryFlow, submitRecovery),
  bind(api.createRecoveryCodeForIdentity, (ctx, { body }, call) => createRecoveryCode(ctx, call, body ?? {})),
  bind(api.createRecoveryLinkForIdentity, (ctx, { body }, call) => createRecoveryLink(ctx, call, body ?? {})),

  bind(api.createNativeVerificationFlow, native(beginVerification)),
  bind(api.createBrowserVerificationFlow, browser(beginVerification), 'set'),
  bind(api.getVerificationFlow, read('verification'), 'set'),
  ...submission(api.updateVerificationFlow, submitVerification),

  bind(api.createNativeSettingsFlow, native(beginSettings)),
  bind(api.createBrowserSettingsFlow, browser(beginSettings), 'set'),
  bind(api.getSettingsFlow, read('settings'), 'set'),
  ...submission(api.updateSettingsFlow, submitSettings),

  bind(api.createBrowserLogoutFlow, answer(beginLogout), 'set'),
  bind(api.updateLogoutFlow, answer(performLogout), 'set'),
  bind(api.performNativeLogout, answer(performNativeLogout)),

  bind(api.exchangeSessionToken, answer(exchangeToken)),
  bind(
    api.getFlowError,
    async (ctx, _input, call) => json(200, await readFlowError(ctx, call.search.get('id') ?? '')),
    'set',
  ),
]
