import { AcceptDeviceUserCodeRequest, type ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type Call, parseJson, type Reply, redirect, typeChecker } from '../../kernel/http/index.ts'
import { requestConsent, verifyConsent } from '../authorize/consent.ts'
import { grantOf } from '../authorize/grant.ts'
import { type LoginSource, requestLogin, verifyLogin } from '../authorize/login.ts'
import { requireClient } from '../clients/change.ts'
import type { Client } from '../clients/client.ts'
import { findClient } from '../clients/store.ts'
import { clientView } from '../clients/view.ts'
import { accessDenied, invalidClient, invalidRequest } from '../errors.ts'
import { openChallenge, openVerifier, sealFlow } from '../flow/codec.ts'
import { type Flow, requireState } from '../flow/flow.ts'
import { withQuery } from '../flow/urls.ts'
import { decodeForm } from '../form.ts'
import { csrfCookie, requireCsrf } from '../sessions/cookies.ts'
import { verificationUrl } from './authorize.ts'
import { findByUserCode, grantDevice } from './store.ts'

/** The verification address of a device (RFC 8628, section 3.3): device page, login page, consent page, done. */
export async function verifyDevice(ctx: Context, call: Call): Promise<Reply> {
  const parameters = decodeForm(call.target.split('?', 2)[1] ?? '')
  const text = (name: string) => (parameters.get(name) ?? '').trim()
  const [device, login, consent] = [text('device_verifier'), text('login_verifier'), text('consent_verifier')]
  if (device === '' && login === '' && consent === '') return requestUserCode(ctx, parameters)
  const flow = device !== '' && login === '' && consent === '' ? verifyUserCode(ctx, call, device) : undefined
  const client = await requireFlowClient(ctx, parameters)
  const source: LoginSource = {
    ctx,
    call,
    client,
    parameters,
    cookies: [],
    scopes: flow?.requestedScope ?? [],
    audience: flow?.requestedAudience ?? [],
    redirectUri: undefined,
  }
  const reply = await continueRequest(source, { flow, client, login, consent })
  return { ...reply, cookies: source.cookies }
}

async function continueRequest(
  source: LoginSource,
  { flow, client, login, consent }: { flow: Flow | undefined; client: Client; login: string; consent: string },
): Promise<Reply> {
  const { ctx } = source
  if (flow) return requestLogin(source, flow)
  if (login !== '') {
    const verified = await verifyLogin(source, login)
    return requestConsent({ ...source, scopes: verified.requestedScope }, verified)
  }
  const granted = await verifyConsent(source, consent)
  const grant = grantOf({ ctx, client, parameters: source.parameters }, granted)
  if (!granted.device?.requestId || !(await grantDevice(ctx, granted.device.requestId, grant)))
    throw accessDenied('The code of the device has expired, or was used before.')
  return redirect(withQuery(ctx.config.oauth2.urls.device.success, { client_id: client.id }), 302)
}

async function requireFlowClient(ctx: Context, parameters: URLSearchParams): Promise<Client> {
  const id = parameters.get('client_id') ?? ''
  if (id === '') throw invalidClient('The parameter client_id is missing.')
  return requireClient(ctx, id)
}

/** Sends the browser to the page where the person enters the user code. */
function requestUserCode(ctx: Context, parameters: URLSearchParams): Reply {
  const csrf = ctx.random.bytes(16).toString('hex')
  const userCode = parameters.get('user_code')
  const id = ctx.random.bytes(16).toString('hex')
  const flow: Flow = {
    id,
    state: 'device',
    clientId: '',
    client: {},
    // Hydra keeps the code out of the URLs that follow.
    requestUrl: userCode === null ? verificationUrl(ctx) : withQuery(verificationUrl(ctx), { user_code: '****' }),
    requestedAt: Math.floor(ctx.clock.now() / 1000) * 1000,
    requestedScope: [],
    requestedAudience: [],
    oidcContext: {},
    login: { skip: false, sessionId: '', csrf: '', subject: '', authenticatedAt: 0 },
    device: { id, csrf },
  }
  const page = withQuery(ctx.config.oauth2.urls.device.verification, {
    device_challenge: sealFlow(ctx, flow, 'device challenge'),
    ...(userCode !== null && { user_code: userCode }),
  })
  return { ...redirect(page, 302), cookies: [csrfCookie(ctx, 'device_csrf', undefined, csrf)] }
}

function verifyUserCode(ctx: Context, call: Call, verifier: string): Flow {
  const flow = openVerifier(ctx, verifier, 'device verifier')
  requireState(flow, 'device_accepted')
  requireCsrf(ctx, call, { which: 'device_csrf', clientId: undefined, csrf: flow.device?.csrf ?? '' })
  return flow
}

const refuse = (reason: string): ApiError => invalidRequest(reason)
const checkBody = typeChecker(AcceptDeviceUserCodeRequest, { closed: false, refuse })

/** The device page's answer: the person has entered a user code. */
export async function acceptUserCode(ctx: Context, search: URLSearchParams, text: string): Promise<string> {
  const challenge = search.get('device_challenge') ?? ''
  if (challenge === '') throw invalidRequest('The parameter device_challenge is missing.')
  const body = (checkBody(parseJson(text, refuse)) ?? {}) as AcceptDeviceUserCodeRequest
  if (!body.user_code) throw invalidRequest('The user_code is missing.')
  return nameDevice(ctx, challenge, body.user_code)
}

/** Where the browser goes on when the person has entered the user code of a device. */
export async function nameDevice(ctx: Context, challenge: string, userCode: string): Promise<string> {
  const flow = openChallenge(ctx, challenge, 'device challenge')
  const found = await findByUserCode(ctx, userCode)
  const client = found && (await findClient(ctx, found.clientId))
  if (!client) throw invalidRequest('The user_code is not known, has expired, or was used before.')
  const requestUrl = withQuery(flow.requestUrl, { client_id: found.clientId })
  const accepted: Flow = {
    ...flow,
    state: 'device_accepted',
    clientId: found.clientId,
    client: clientView(client),
    requestUrl,
    requestedScope: found.request.requestedScope,
    requestedAudience: found.request.requestedAudience,
    device: { id: flow.id, csrf: flow.device?.csrf ?? '', requestId: found.requestId },
  }
  return withQuery(requestUrl, { device_verifier: sealFlow(ctx, accepted, 'device verifier') })
}
