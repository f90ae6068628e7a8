import { ApiError, rooms } from '@latchkey/api'
import { publicView } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { type Call, empty, handlers, json, parseJson, plain, type Route, redirect } from '../kernel/http/index.ts'
import { removedCookies } from '../session/index.ts'
import { errorReply } from './answer/error.ts'
import { answerBegin, answerSubmission } from './answer/index.ts'
import { sessionBody } from './answer/session-body.ts'
import { captchaScript } from './captcha/index.ts'
import { script } from './ceremonies/script.ts'
import { elementsConfiguration } from './elements.ts'
import { readFlowError } from './errors/store.ts'
import { redeemExchange } from './exchange/exchange.ts'
import { explainFlow } from './explain/explain.ts'
import type { Flow, FlowName } from './flow/flow.ts'
import { checkedReturnTo } from './flow/return-to.ts'
import { publicText } from './flow/urls.ts'
import { flowView } from './flow/view.ts'
import { beginFlow } from './flows/begin.ts'
import { parseBeginOptions } from './flows/begin-flow.ts'
import { submitFedcm } from './flows/fedcm.ts'
import { submitLogin } from './flows/login/submit.ts'
import { createTestFlow, deleteTestFlow } from './flows/login/test-flow.ts'
import {
  beginLogout,
  browserDataHeaders,
  logoutDestination,
  performLogout,
  performNativeLogout,
} from './flows/logout/logout.ts'
import { readFlow } from './flows/read.ts'
import { createRecoveryCode, createRecoveryLink } from './flows/recovery/admin.ts'
import { submitRecovery } from './flows/recovery/submit.ts'
import { submitRegistration } from './flows/registration/submit.ts'
import { returnByGet, returnFromProvider } from './flows/return.ts'
import { submitSettings } from './flows/settings/submit.ts'
import { submitVerification } from './flows/verification/submit.ts'
import { impersonateIdentity } from './impersonation.ts'
import { challengeScript } from './limits/index.ts'
import { fedcmParameters } from './methods/oidc/fedcm.ts'
import { requireRelatedOrigins } from './methods/related-origins.ts'

const begin = (name: FlowName, type: Flow['type']) => (ctx: Context, _input: unknown, call: Call) => {
  const options = parseBeginOptions(call.search, { type, requestUrl: publicText(ctx, call.target) })
  // Kratos tells of a forbidden return address as JSON here, to browsers too.
  const isVerification = name === 'verification' && ctx.config.identity.selfservice.flows.verification.enabled
  if (isVerification) checkedReturnTo(ctx, options.return_to)
  return answerBegin(ctx, call, type, () => beginFlow[name](ctx, call, options))
}

/** Browsers get the cookie of the anti-CSRF token with the flow. */
const beginInBrowser = (name: FlowName) => ({ csrf: 'set' as const, handle: begin(name, 'browser') })

const read = <Name extends FlowName>(name: Name) => ({
  csrf: 'set' as const,
  async handle(ctx: Context, { query }: { query: { id: string } }, call: Call) {
    const { flow, identity } = await readFlow(ctx, call, name, query.id ?? '')
    return json(200, flowView(flow, identity && publicView(ctx, identity)))
  },
})

/** A script that is served as it is. */
const javaScript = (text: string) => ({
  status: 200 as const,
  text,
  contentType: 'text/javascript; charset=utf-8',
  headers: { 'x-content-type-options': 'nosniff' },
})

const routes = handlers(rooms.selfservice, {
  createNativeLoginFlow: begin('login', 'api'),
  createBrowserLoginFlow: beginInBrowser('login'),
  getLoginFlow: read('login'),
  updateLoginFlow: (ctx, _input, call) => answerSubmission(ctx, call, submitLogin(ctx, call)),

  createTestLoginFlow: async (ctx, { body }, call) =>
    json(201, flowView(await createTestFlow(ctx, call, body?.provider_id ?? ''))),
  async deleteTestLoginFlow(ctx, { query }, call) {
    return empty(204, { cookies: [await deleteTestFlow(ctx, call, query.id ?? '')] })
  },

  createFedcmFlow: {
    csrf: 'set',
    async handle(ctx, _input, call) {
      const found = await fedcmParameters(ctx, call)
      // As in Kratos without its hosted service, where nothing is configured for browsers.
      if (!found) return plain(404, '404 page not found\n')
      const { providers, cookies } = found
      return json(200, { providers, csrf_token: call.csrf.formToken() }, { cookies })
    },
  },
  updateFedcmFlow: (ctx, _input, call) => answerSubmission(ctx, call, submitFedcm(ctx, call)),

  createNativeRegistrationFlow: begin('registration', 'api'),
  createBrowserRegistrationFlow: beginInBrowser('registration'),
  getRegistrationFlow: read('registration'),
  updateRegistrationFlow: (ctx, _input, call) => answerSubmission(ctx, call, submitRegistration(ctx, call)),

  createNativeRecoveryFlow: begin('recovery', 'api'),
  createBrowserRecoveryFlow: beginInBrowser('recovery'),
  getRecoveryFlow: read('recovery'),
  updateRecoveryFlow: (ctx, _input, call) => answerSubmission(ctx, call, submitRecovery(ctx, call)),
  createRecoveryCodeForIdentity: async (ctx, { body }, call) =>
    json(
      201,
      await createRecoveryCode(ctx, { ...body, return_to: call.search.get('return_to') ?? '', target: call.target }),
    ),
  impersonateIdentity: async (ctx, { params, body }, call) =>
    json(201, await impersonateIdentity(ctx, call, { ...body, id: params.id })),
  createRecoveryLinkForIdentity: async (ctx, { body, query }, call) =>
    json(200, await createRecoveryLink(ctx, { ...body, ...query, target: call.target })),

  createNativeVerificationFlow: begin('verification', 'api'),
  createBrowserVerificationFlow: beginInBrowser('verification'),
  getVerificationFlow: read('verification'),
  updateVerificationFlow: (ctx, _input, call) => answerSubmission(ctx, call, submitVerification(ctx, call)),

  createNativeSettingsFlow: begin('settings', 'api'),
  createBrowserSettingsFlow: beginInBrowser('settings'),
  getSettingsFlow: read('settings'),
  updateSettingsFlow: (ctx, _input, call) => answerSubmission(ctx, call, submitSettings(ctx, call)),
  getWellKnownChangePassword: async (ctx) => redirect(ctx.config.identity.selfservice.flows.settings.ui_url),

  createBrowserLogoutFlow: {
    csrf: 'set',
    handle: (ctx, { query }, call) =>
      beginLogout(ctx, call, query).then(
        (logout) => json(200, logout),
        (error: unknown) => errorReply(ctx, call, error),
      ),
  },
  updateLogoutFlow: {
    csrf: 'set',
    async handle(ctx, { query }, call) {
      const cookies: string[] = []
      try {
        await performLogout(ctx, call, query.token)
        cookies.push(...removedCookies(ctx))
        const location = logoutDestination(ctx, query.return_to)
        const reply = call.wantsJson ? empty(204, { cookies }) : redirect(location, 303, { cookies })
        return { ...reply, headers: { ...reply.headers, ...browserDataHeaders(ctx) } }
      } catch (error) {
        return { ...(await errorReply(ctx, call, error)), cookies }
      }
    },
  },
  async performNativeLogout(ctx, _input, call) {
    await performNativeLogout(ctx, sessionTokenOf(call))
    return empty()
  },

  async exchangeSessionToken(ctx, { query }) {
    const { init_code: init, return_to_code: returnTo } = query
    if (!init || !returnTo)
      throw ApiError.badRequest({ reason: 'The parameters init_code and return_to_code are needed.' })
    const { session, document, token } = await redeemExchange(ctx, { init, returnTo })
    // As in Kratos, without devices: the one that signed in is the browser.
    const shown = sessionBody(ctx, session, { identity: { document }, devices: [] })
    return json(200, { session: shown, session_token: token })
  },
  explainFlow: async (ctx, { params }) => json(200, await explainFlow(ctx, params.id)),
  getConfiguration: (ctx) => json(200, elementsConfiguration(ctx)),
  getWebAuthnJavaScript: {
    csrf: 'set',
    handle: () => javaScript(script),
  },
  getProofOfWorkJavaScript: {
    csrf: 'off',
    handle: () => javaScript(challengeScript),
  },
  getCaptchaJavaScript: {
    csrf: 'off',
    handle: () => javaScript(captchaScript),
  },
  getRelatedOrigins: {
    csrf: 'off',
    handle: (ctx) => json(200, { origins: requireRelatedOrigins(ctx) }),
  },
  getFlowError: {
    csrf: 'set',
    handle: async (ctx, { query }) => json(200, await readFlowError(ctx, query.id ?? '')),
  },
})

/**
 * Where sign-in providers send browsers back. A provider that sends a form (`response_mode: form_post`) makes a request
 * from its own page, with which browsers send no cookies; it is repeated from here as a GET.
 */
const callbacks: readonly Route[] = [
  '/self-service/methods/oidc/callback',
  '/self-service/methods/oidc/callback/{provider}',
].flatMap((path) => [
  {
    ...{ method: 'GET', path, plane: 'public', csrf: 'ignore', changes: true },
    handle: (ctx: Context, call: Call) =>
      answerSubmission(ctx, call, returnFromProvider(ctx, call, call.params.provider)),
  },
  {
    ...{ method: 'POST', path, plane: 'public', csrf: 'ignore', changes: true },
    handle: (ctx: Context, call: Call) => redirect(returnByGet(ctx, call), 302),
  },
])

/** A form is submitted by POST; a GET on its address is a submission too, for links in messages and for coming back. */
const submissions = [
  routes.updateLoginFlow,
  routes.updateRegistrationFlow,
  routes.updateRecoveryFlow,
  routes.updateVerificationFlow,
  routes.updateSettingsFlow,
].map((route) => ({ ...route, method: 'GET', changes: true }))

/** Operations that only read are named so; the other ones begin flows and end sessions by GET. */
const operations = Object.entries<Route>(routes).map(([id, route]) => ({ ...route, changes: !id.startsWith('get') }))

/** The self-service flows. */
export const selfserviceRoutes: readonly Route[] = [...operations, ...submissions, ...callbacks]

function sessionTokenOf(call: Call): string {
  if (call.contentType !== 'application/json') throw ApiError.badRequest({ reason: 'The body must be JSON.' })
  let body: unknown
  try {
    body = parseJson(call.bodyText)
  } catch {
    throw ApiError.badRequest({ reason: 'The body is not valid JSON.' })
  }
  const token = typeof body === 'object' && body !== null && 'session_token' in body ? body.session_token : ''
  return typeof token === 'string' ? token : ''
}
