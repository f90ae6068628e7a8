import { ApiError, uiText } from '@latchkey/api'
import { type Identity, secondFactors } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import {
  highestAal,
  lacksSecondFactor,
  newSession,
  type Proof,
  presentedToken,
  rememberDevice,
  revokeOthers,
  type Session,
  type Signed,
  secondFactorUrl,
  storeProof,
  storeSession,
  withProof,
} from '../../../session/index.ts'
import { acceptLoginRequest } from '../../authorization/index.ts'
import { completeExchange } from '../../exchange/exchange.ts'
import { recordSuccess } from '../../flow/events.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { destination } from '../../flow/return-to.ts'
import { noteStep } from '../../flow/steps.ts'
import { insertFlow, saveFlow } from '../../flow/store.ts'
import { pageUrl } from '../../flow/urls.ts'
import { type HooksAfter, hooksAfter, returnUrls } from '../../hooks/index.ts'
import type { SignedInBy, SubmissionContext } from '../../method.ts'
import { demandDeviceCode, endDeviceCode } from '../../methods/code/new-device.ts'
import { pageAfterSignIn } from '../../methods/index.ts'
import type { Outcome } from '../../outcome.ts'
import { showForm } from '../show-form.ts'
import { type BegunVerification, beginVerifications, showsAllVerifications } from '../verification/send.ts'
import { secondFactorFlow } from './begin.ts'
import { addLink, type PendingLink, pendingLink, requireLinkedAccount, setPendingLink } from './link.ts'

/** Signs in after a successful proof: asks the hooks, then creates the session and related rows in one transaction. */
export async function signIn(submission: SubmissionContext<'login'>, by: SignedInBy, method: string): Promise<Outcome> {
  const { ctx, flow } = submission
  const { identity } = by
  flow.active = method
  noteStep(ctx, flow, 'account', { identity_id: identity.document.id })
  const hooks = hooksAfter(ctx, 'login', method)
  // As in Kratos, the flow keeps its method even if the account is inactive or a hook refuses the sign-in.
  if (identity.document.state !== 'active' || hooks.has('require verified address') || hooks.asks)
    await saveFlow(ctx, flow)
  requireActive(identity)
  if (requiresVerification(ctx, hooks, method) && !hasVerifiedAddress(identity))
    return askToVerify(submission, identity)
  if (asksForDeviceCode(ctx, by, method) && (await demandDeviceCode(submission, by)))
    return showForm(submission, { status: 400 })
  const link = flow.internal?.link ? pendingLink(ctx, flow) : undefined
  if (link) requireLinkedAccount(identity, link)
  const { linksNow, ...started } = startLinking(submission, by, link)
  const { store, ...shown } = started
  const occasion = { ...submission, session: { session: shown.session, identity } }
  await hooks.ask(occasion, identity)
  const lacksFactor = lacksSecondFactor(ctx, started.session, () => secondFactors(identity))
  const { verifications, linkUrl, cookies } = await ctx.transaction(async (tx) => {
    const begun = await prepare({ ...submission, ctx: tx }, identity, { hooks, started })
    await store(tx)
    const cookies = by.newDeviceBy ? await keepDevice({ ...submission, ctx: tx }, identity) : []
    noteSignIn(ctx, flow, { identity, session: shown.session }, lacksFactor)
    await saveFlow(tx, flow)
    await recordSuccess(tx, flow, { method, identityId: identity.document.id, sessionId: shown.session.id })
    if (link && linksNow) await addLink(tx, identity, link)
    const linkUrl = link && !linksNow ? await linkLater({ ...submission, ctx: tx }, link, occasion.session) : undefined
    return { verifications: begun, linkUrl, cookies }
  })
  await hooks.notify(occasion, identity)
  const [first] = hooks.has('show verification') ? verifications : []
  const shownVerifications = first || (verifications.length > 0 && showsAllVerifications(ctx)) ? verifications : []
  const to = destination(ctx, flow.returnTo, ...returnUrls(ctx, 'login', method))
  return {
    type: 'signedIn',
    flow,
    identity,
    ...started,
    cookies,
    continueWith: shownVerifications.map(({ continueWith }) => continueWith),
    location: first ? pageUrl(ctx, first.flow) : nextPage(submission, { identity, method, to }),
    secondFactorUrl: linkUrl ?? (lacksFactor ? secondFactorUrl(ctx, flow.returnTo, flow.loginChallenge) : undefined),
    authorizationUrl:
      flow.loginChallenge === undefined || lacksFactor || linkUrl !== undefined || flow.type === 'api'
        ? undefined
        : await acceptLoginRequest(ctx, flow, { identityId: identity.document.id, session: shown.session }),
    exchangeUrl: await exchangeUrl(submission, started),
  }
}

/** Whether a password needs a code by e-mail where the browser is not known (`security.new_device_code`). */
function asksForDeviceCode({ config }: Context, { newDeviceBy }: SignedInBy, method: string): boolean {
  return config.identity.security.new_device_code.enabled && method === 'password' && !newDeviceBy
}

/** Makes the browser known after its code. Returns its cookie; apps have none. */
async function keepDevice({ ctx, request, flow }: SubmissionContext, { document }: Identity): Promise<string[]> {
  endDeviceCode(flow)
  return flow.type === 'browser' ? [await rememberDevice(ctx, request, document.id)] : []
}

/** Browsers may be shown the page of a method before they go on. */
function nextPage({ ctx, flow }: SubmissionContext, signedIn: { identity: Identity; method: string; to: string }) {
  return (flow.type === 'browser' ? pageAfterSignIn(ctx, signedIn) : undefined) ?? signedIn.to
}

/** Notes what the sign-in leads to. A second factor is asked for in a flow of its own. */
function noteSignIn(ctx: Context, flow: Flow, { identity, session }: Signed, lacksFactor: boolean): void {
  if (lacksFactor) noteStep(ctx, flow, 'second_factor')
  const { id } = identity.document
  noteStep(ctx, flow, 'completed', { identity_id: id, session_id: session.id, aal: session.aal, outcome: 'passed' })
}

/**
 * The session with the proof of the provider to which the account is connected. Like a change of the settings, the
 * connection needs the second factor if there is one.
 */
function startLinking(
  submission: SubmissionContext<'login'>,
  { identity, proof }: SignedInBy,
  link: PendingLink | undefined,
): Started & { linksNow: boolean } {
  const { ctx } = submission
  const started = start(submission, identity, [proof])
  if (!link) return { ...started, linksNow: false }
  const { settings } = ctx.config.identity.selfservice.flows
  const factors = secondFactors(identity)
  const isAsked =
    settings.required_aal === 'highest_available' || lacksSecondFactor(ctx, started.session, () => factors)
  if (isAsked && started.session.aal !== 'aal2' && highestAal(ctx, factors) === 'aal2')
    return { ...started, linksNow: false }
  return { ...start(submission, identity, [proof, link.proof]), linksNow: true }
}

/** The page of a flow that asks for the second factor and then connects the account; apps have no page. */
async function linkLater(
  { ctx, request, flow }: SubmissionContext<'login'>,
  link: PendingLink,
  signed: Signed,
): Promise<string | undefined> {
  if (flow.type === 'api') return undefined
  const next = await secondFactorFlow(ctx, request, { flow, signed })
  setPendingLink(ctx, next, link)
  await insertFlow(ctx, next)
  return pageUrl(ctx, next)
}

export function requireActive({ document }: Identity): void {
  if (document.state === 'active') return
  throw ApiError.unauthorized({ reason: 'This account is switched off.', details: { identity_id: document.id } })
}

interface Started {
  session: Session
  devices: Session['devices']
  token: string
  isNew: boolean
  store(tx: Context): Promise<void>
}

/** The session of a sign-in before it is stored: a new one, or that of the same identity with another proof. */
function start(submission: SubmissionContext<'login'>, identity: Identity, proofs: readonly Proof[]): Started {
  const { ctx, request, flow, signed } = submission
  const identityId = identity.document.id
  if (signed?.identity.document.id === identityId) return continueSession(submission, signed.session, proofs)
  const carrier = flow.type === 'api' ? 'token' : 'cookie'
  const issued = newSession(ctx, request, { identityId, proofs, carrier })
  const { session, token } = issued
  return { session, token, devices: session.devices, isNew: true, store: (tx) => storeSession(tx, issued) }
}

/** Updates the existing session of the same identity: a higher AAL or a new sign-in time, with the same token. */
function continueSession(
  { ctx, request }: SubmissionContext<'login'>,
  before: Session,
  proofs: readonly Proof[],
): Started {
  const session = proofs.reduce((proven, proof) => withProof(ctx, request, { session: proven, proof }), before)
  // As in Kratos, the response also contains the current device with a nil UUID, although the device is already stored.
  const device = {
    id: '00000000-0000-0000-0000-000000000000',
    ip_address: request.ip,
    user_agent: request.userAgent || null,
    location: '',
  }
  return {
    session,
    token: presentedToken(ctx, request) ?? '',
    devices: [...session.devices, device],
    isNew: false,
    store: (tx) => storeProof(tx, session),
  }
}

/** Does what hooks ask for before the session is stored. Returns the verifications that have begun. */
async function prepare(
  submission: SubmissionContext<'login'>,
  identity: Identity,
  { hooks, started }: { hooks: HooksAfter; started: Started },
): Promise<BegunVerification[]> {
  const { ctx, request, flow } = submission
  if (hooks.has('revoke other sessions')) await revokeOthers(ctx, identity.document.id, started.session.id)
  // The anti-CSRF token is rotated at sign-in, so that a token planted before is invalid.
  const sends = hooks.has('send verification') && flow.aal !== 'aal2'
  if (flow.type === 'browser' && (sends || started.isNew)) request.csrf.rotate(identity.document.id)
  return sends ? beginVerifications(submission, identity) : []
}

/** With the flag `legacy_require_verified_login_error`, the hook applies to passwords only, as in Kratos. */
function requiresVerification(ctx: Context, hooks: HooksAfter, method: string): boolean {
  return hooks.has('require verified address') && (!isLegacy(ctx) || method === 'password')
}

function isLegacy({ config }: Context): boolean {
  return config.identity.feature_flags.legacy_require_verified_login_error
}

function hasVerifiedAddress({ document }: Identity): boolean {
  return (document.verifiable_addresses ?? []).some(({ verified }) => verified)
}

/**
 * Sends a verification message and redirects to its flow, without signing in; with the flag
 * `legacy_require_verified_login_error` shows a message in the form instead.
 */
async function askToVerify(submission: SubmissionContext<'login'>, identity: Identity): Promise<Outcome> {
  const { ctx, flow } = submission
  if (isLegacy(ctx)) throw new FlowError({ messages: [uiText(4000010)] })
  const [verification] = await beginVerifications(submission, identity, { continueUrl: flow.returnTo })
  const error = ApiError.verifiedAddressRequired(verification ? [verification.continueWith] : [])
  if (!verification) throw error
  return { type: 'refused', error, location: pageUrl(ctx, verification.flow) }
}

/** The return URL if a browser completes an API flow; the app then exchanges its code for the session. */
export async function exchangeUrl(
  { ctx, request, flow }: SubmissionContext,
  { session, token }: { session: { id: string }; token: string },
): Promise<string | undefined> {
  if (flow.type !== 'api' || request.wantsJson) return undefined
  return completeExchange(ctx, flow, { id: session.id, token })
}
