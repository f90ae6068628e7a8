import { uiText } from '@latchkey/api'
import { type Identity, IdentityConflict, newIdentity, publicView, saveNew } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { json, type Reply, redirect } from '../../../kernel/http/index.ts'
import { type IssuedSession, issueSession, sessionCookie, sessionView } from '../../../session/index.ts'
import { returnUrls } from '../../hooks/hooks.ts'
import { type AfterRegistration, afterRegistration } from '../../hooks/registration.ts'
import { callWebHooks, isAskedFirst } from '../../hooks/web-hook.ts'
import type { Registered, Turn } from '../../turn.ts'
import { speaksJson } from '../answer.ts'
import { completeExchange } from '../exchange.ts'
import { FlowError } from '../flow.ts'
import { schemaOf } from '../requested.ts'
import { destination } from '../return-to.ts'
import { saveFlow } from '../store.ts'
import { pageUrl } from '../urls.ts'
import { verifiedIdentity, withAddress } from '../verification/mark.ts'
import { type Sent, sendVerification } from '../verification/send.ts'

interface Welcome {
  identity: Identity
  issued: IssuedSession | undefined
  sent: Sent[]
  after: AfterRegistration
}

/** Stores the new identity with everything that belongs to it, all or nothing, and answers in the caller's way. */
export async function finishRegistration(turn: Turn, registered: Registered, method: string): Promise<Reply> {
  const { ctx } = turn
  const after = afterRegistration(ctx, method)
  const drafted = draft(ctx, turn, registered)
  const identity = (await callWebHooks(turn, after.hooks.filter(isAskedFirst), drafted))(drafted)
  const welcome = await ctx
    .transaction((tx) => store({ ...turn, ctx: tx }, identity, registered, after))
    .catch(explainConflict)
  await callWebHooks(
    turn,
    after.hooks.filter((hook) => !isAskedFirst(hook)),
    welcome.identity,
  )
  await saveFlow(ctx, turn.flow)
  return turn.flow.type === 'api' ? answerApp(turn, welcome) : answerBrowser(turn, welcome, method)
}

function draft(ctx: Context, { flow }: Turn, { traits, credentials, verified }: Registered): Identity {
  const identity = newIdentity(ctx, {
    schemaId: schemaOf(ctx, flow),
    traits,
    credentials,
    organizationId: flow.organizationId,
  })
  return verified ? verifiedIdentity(ctx, identity, verified.via, verified.value) : identity
}

async function store(
  turn: Turn,
  identity: Identity,
  { proof }: Registered,
  after: AfterRegistration,
): Promise<Welcome> {
  const { ctx, call, flow } = turn
  await saveNew(ctx, identity)
  const sent = await sendVerification(turn, identity)
  const carrier = flow.type === 'api' ? 'token' : 'cookie'
  const issued = after.beginsSession
    ? await issueSession(ctx, call, { identityId: identity.document.id, proofs: [proof], carrier })
    : undefined
  const shown = sent.reduce(
    (one, { address }) => withAddress(one, address.via, address.value, (a) => ({ ...a, status: 'sent' })),
    identity,
  )
  return { identity: shown, issued, sent, after }
}

function explainConflict(error: unknown): never {
  if (error instanceof IdentityConflict) throw new FlowError({ messages: [uiText(4000007)], keepsForm: true })
  throw error
}

async function answerApp(turn: Turn, welcome: Welcome): Promise<Reply> {
  const { ctx } = turn
  const { issued, sent, after } = welcome
  const identity = publicView(ctx, welcome.identity)
  const shown = after.showsVerification ? sent.map(({ continueWith }) => continueWith) : []
  if (!issued) return json(200, { identity, continue_with: shown.length > 0 ? shown : null })
  const exchanged = await completeExchange(turn, issued.session.id, issued.token)
  if (exchanged) return exchanged
  const token = { action: 'set_ory_session_token', ory_session_token: issued.token }
  const session = { ...sessionView(issued.session, ctx.clock.now()), identity }
  return json(200, { session_token: issued.token, session, identity, continue_with: [token, ...shown] })
}

function answerBrowser(turn: Turn, welcome: Welcome, method: string): Reply {
  const { ctx, call, flow } = turn
  const { issued, sent, after } = welcome
  call.csrf.rotate()
  const cookies = issued ? [sessionCookie(ctx, issued.token)] : []
  const verify = after.showsVerification ? sent : []
  const to = destination(ctx, flow.returnTo, ...returnUrls(ctx, 'registration', method))
  if (!speaksJson(call, flow.type)) return redirect(verify[0] ? pageUrl(ctx, verify[0].flow) : to, 303, { cookies })
  const identity = publicView(ctx, welcome.identity)
  const session = issued && { session: { ...sessionView(issued.session, ctx.clock.now()), identity } }
  const continueWith = [
    { action: 'redirect_browser_to', redirect_browser_to: to },
    ...verify.map(({ continueWith }) => continueWith),
  ]
  return json(200, { ...session, identity, continue_with: continueWith }, { cookies })
}
