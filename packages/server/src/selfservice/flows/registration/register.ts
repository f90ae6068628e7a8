import { type Identity, IdentityConflict, saveNew } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type IssuedSession, issueSession, rememberDevice } from '../../../session/index.ts'
import { acceptLoginRequest } from '../../authorization/index.ts'
import { withAddress } from '../../flow/address-status.ts'
import { recordSuccess } from '../../flow/events.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { destination } from '../../flow/return-to.ts'
import { noteStep } from '../../flow/steps.ts'
import { saveFlow } from '../../flow/store.ts'
import { pageUrl } from '../../flow/urls.ts'
import { type HooksAfter, hooksAfter, returnUrls } from '../../hooks/index.ts'
import type { Registered, SubmissionContext } from '../../method.ts'
import type { Outcome } from '../../outcome.ts'
import { offerLink } from '../login/offer-link.ts'
import { exchangeUrl } from '../login/sign-in.ts'
import { type BegunVerification, beginVerifications, showsAllVerifications } from '../verification/send.ts'
import { draftIdentity } from './draft.ts'
import { duplicateMessage, loginHints } from './login-hints.ts'

/** Stores the new identity and related rows in one transaction. */
export async function register(
  submission: SubmissionContext<'registration'>,
  registered: Registered,
  method: string,
): Promise<Outcome> {
  const { ctx, request, flow } = submission
  const hooks = hooksAfter(ctx, 'registration', method)
  const draft = draftIdentity(submission, registered)
  const wanted = (await hooks.ask(submission, draft))(draft)
  const stored = await ctx
    .transaction((tx) => store({ ...submission, ctx: tx }, wanted, { registered, hooks, method }))
    .catch((error: unknown) => conflictOf(error))
  if (stored instanceof IdentityConflict) return answerConflict(submission, registered, stored)
  const { identity, issued } = stored
  await hooks.notify(submission, identity)
  if (flow.type === 'browser') request.csrf.rotate(identity.document.id)
  const shows = hooks.has('show verification')
  const verifications = shows || showsAllVerifications(ctx) ? stored.verifications : []
  const [first] = shows ? verifications : []
  const authorizationUrl =
    flow.loginChallenge === undefined || flow.type === 'api'
      ? undefined
      : await acceptLoginRequest(ctx, flow, { identityId: identity.document.id, session: issued?.session, method })
  if (authorizationUrl && first) await leadTo(ctx, first.flow, authorizationUrl)
  return {
    type: 'registered',
    flow,
    identity,
    issued,
    cookies: stored.cookies,
    continueWith: verifications.map(({ continueWith }) => continueWith),
    location: destination(ctx, flow.returnTo, ...returnUrls(ctx, 'registration', method)),
    verificationUrl: first && pageUrl(ctx, first.flow),
    authorizationUrl,
    exchangeUrl: issued && (await exchangeUrl(submission, issued)),
  }
}

/** Lets the page of a verification go on with the authorization. */
async function leadTo(ctx: Context, verification: Flow, url: string): Promise<void> {
  verification.returnTo = url
  await saveFlow(ctx, verification)
}

interface Stored {
  identity: Identity
  issued: IssuedSession | undefined
  /** Of the browser, which is known from then on. */
  cookies: string[]
  verifications: BegunVerification[]
}

async function store(
  submission: SubmissionContext<'registration'>,
  identity: Identity,
  { registered, hooks, method }: { registered: Registered; hooks: HooksAfter; method: string },
): Promise<Stored> {
  const { ctx, request, flow } = submission
  await saveNew(ctx, identity)
  await recordSuccess(ctx, flow, { method, identityId: identity.document.id })
  const verifications = await beginVerifications(submission, identity)
  const who = { identityId: identity.document.id, proofs: [registered.proof] }
  const carrier = flow.type === 'api' ? 'token' : 'cookie'
  noteStep(ctx, flow, 'completed', { identity_id: identity.document.id, outcome: 'passed' })
  await saveFlow(ctx, flow)
  const issued = hooks.has('begin session') ? await issueSession(ctx, request, { ...who, carrier }) : undefined
  const isRemembered = ctx.config.identity.security.new_device_code.enabled && issued && flow.type === 'browser'
  const cookies = isRemembered ? [await rememberDevice(ctx, request, identity.document.id)] : []
  const sent = verifications.filter(({ flow: begun }) => begun.state === 'sent_email')
  const shown = sent.reduce(
    (one, { address }) => withAddress(one, address.via, address.value, (a) => ({ ...a, status: 'sent' })),
    identity,
  )
  return { identity: shown, issued, cookies, verifications }
}

function conflictOf(error: unknown): IdentityConflict {
  if (error instanceof IdentityConflict) return error
  throw error
}

/** Who comes from a provider can connect it to the account that exists already; others are told that it exists. */
async function answerConflict(
  submission: SubmissionContext<'registration'>,
  { link }: Registered,
  conflict: IdentityConflict,
): Promise<Outcome> {
  const hints = await loginHints(submission.ctx, conflict)
  if (link && conflict.ownerId) return offerLink(submission, link, { conflict, hints })
  throw new FlowError({ messages: [duplicateMessage(hints)], keepsForm: true })
}
