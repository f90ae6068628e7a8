import { ApiError } from '@latchkey/api'
import { type Identity, secondFactors } from '../../../identity/index.ts'
import {
  issueSession,
  lacksSecondFactor,
  presentedToken,
  proveAgain,
  revokeOthers,
  type Session,
  secondFactorUrl,
} from '../../../session/index.ts'
import { completeExchange } from '../../exchange/exchange.ts'
import { recordSuccess } from '../../flow/events.ts'
import { destination } from '../../flow/return-to.ts'
import { saveFlow } from '../../flow/store.ts'
import { pageUrl } from '../../flow/urls.ts'
import { type HooksAfter, hooksAfter, returnUrls } from '../../hooks/index.ts'
import type { SignedInBy, SubmissionContext } from '../../method.ts'
import type { Outcome } from '../../outcome.ts'
import { type BegunVerification, beginVerifications } from '../verification/send.ts'

/** Signs in after a successful proof: asks the hooks, then creates the session and related rows in one transaction. */
export async function signIn(submission: SubmissionContext<'login'>, by: SignedInBy, method: string): Promise<Outcome> {
  const { ctx, flow } = submission
  const { identity } = by
  flow.active = method
  if (identity.document.state !== 'active') await saveFlow(ctx, flow)
  requireActive(identity)
  const hooks = hooksAfter(ctx, 'login', method)
  if (hooks.has('require verified address') && !hasVerifiedAddress(identity)) return askToVerify(submission, identity)
  await hooks.ask(submission, identity)
  const { started, verification } = await ctx.transaction(async (tx) => {
    const begun = await begin({ ...submission, ctx: tx }, by, hooks)
    await saveFlow(tx, flow)
    const ids = { identityId: identity.document.id, sessionId: begun.started.session.id }
    await recordSuccess(tx, flow, { method, ...ids })
    return begun
  })
  await hooks.notify(submission, identity)
  const lacksFactor = lacksSecondFactor(ctx, started.session, () => secondFactors(identity))
  const to = destination(ctx, flow.returnTo, ...returnUrls(ctx, 'login', method))
  return {
    type: 'signedIn',
    flow,
    identity,
    ...started,
    continueWith: verification ? [verification.continueWith] : [],
    location: verification ? pageUrl(ctx, verification.flow) : to,
    secondFactorUrl: lacksFactor ? secondFactorUrl(ctx, flow.returnTo) : undefined,
    exchangeUrl: await exchangeUrl(submission, started),
  }
}

export function requireActive({ document }: Identity): void {
  if (document.state === 'active') return
  throw ApiError.unauthorized({ reason: 'This account is switched off.', details: { identity_id: document.id } })
}

interface Started {
  session: Session
  devices: Session['devices']
  token: string
}

async function begin(
  submission: SubmissionContext<'login'>,
  { identity, proof }: SignedInBy,
  hooks: HooksAfter,
): Promise<{ started: Started; verification: BegunVerification | undefined }> {
  const { ctx, request, flow, signed } = submission
  if (hooks.has('revoke other sessions')) await revokeOthers(ctx, identity.document.id)
  const again = signed?.identity.document.id === identity.document.id ? signed.session : undefined
  // The anti-CSRF token is rotated at sign-in, so that a token planted before is invalid.
  const shows = hooks.has('show verification') && !hasVerifiedAddress(identity)
  if (flow.type === 'browser' && (shows || !again)) request.csrf.rotate(identity.document.id)
  const [verification] = shows ? await beginVerifications(submission, identity) : []
  if (again) return { started: await continueSession(submission, again, proof), verification }
  const carrier = flow.type === 'api' ? 'token' : 'cookie'
  const { session, token } = await issueSession(ctx, request, {
    identityId: identity.document.id,
    proofs: [proof],
    carrier,
  })
  return { started: { session, token, devices: session.devices }, verification }
}

/** Updates the existing session of the same identity: a higher AAL or a new sign-in time, with the same token. */
async function continueSession(
  { ctx, request }: SubmissionContext<'login'>,
  before: Session,
  proof: SignedInBy['proof'],
): Promise<Started> {
  const session = await proveAgain(ctx, request, before, proof)
  // As in Kratos, the response also contains the current device with a nil UUID, although the device is already stored.
  const device = {
    id: '00000000-0000-0000-0000-000000000000',
    ip_address: request.ip,
    user_agent: request.userAgent || null,
    location: '',
  }
  return { session, token: presentedToken(ctx, request) ?? '', devices: [...session.devices, device] }
}

function hasVerifiedAddress({ document }: Identity): boolean {
  return (document.verifiable_addresses ?? []).some(({ verified }) => verified)
}

/** Sends a verification message and redirects to its flow, without signing in. */
async function askToVerify(submission: SubmissionContext<'login'>, identity: Identity): Promise<Outcome> {
  const { ctx, flow } = submission
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
