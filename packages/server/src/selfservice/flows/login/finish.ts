import { ApiError } from '@latchkey/api'
import { type Identity, publicView, secondFactors } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { json, type Reply, redirect } from '../../../kernel/http/index.ts'
import {
  issueSession,
  lacksSecondFactor,
  type Proof,
  proveAgain,
  type Session,
  sessionCookie,
  sessionView,
} from '../../../session/index.ts'
import { afterLogin } from '../../hooks/login.ts'
import type { MethodConfigs } from '../../method-configs.ts'
import type { LoginOutcome, Stay, Turn } from '../../turn.ts'
import { speaksJson } from '../answer.ts'
import { completeExchange } from '../exchange.ts'
import { destination } from '../return-to.ts'
import { saveFlow } from '../store.ts'
import { publicUrl } from '../urls.ts'
import { deviceNotStored } from './devices.ts'
import { presentedCredential } from './presented.ts'

/** Signs a person in who has given a proof, and answers in the caller's way. */
export async function finishLogin(turn: Turn, outcome: Exclude<LoginOutcome, Stay>, method: string): Promise<Reply> {
  const { ctx, call, flow, signed } = turn
  const { identity, proof } = outcome
  if (identity.document.state !== 'active') {
    throw ApiError.unauthorized({ reason: 'This account is switched off.' })
  }
  const decision = await afterLogin(turn, identity, method)
  if (decision.reply) return decision.reply
  const again = signed && signed.identity.document.id === identity.document.id ? signed.session : undefined
  const started = again
    ? await continueSession(turn, again, proof)
    : await startSession(turn, identity.document.id, proof)
  flow.active = method
  await saveFlow(ctx, flow)
  // A session that is not strong enough yet does not tell whose it is.
  const weak = secondFactorUrl(ctx, started.session, identity) !== undefined
  const session = {
    ...sessionView(started.session, ctx.clock.now()),
    devices: started.devices,
    identity: weak ? null : publicView(ctx, identity),
  }
  const to = destination(ctx, flow.returnTo, ...defaults(ctx, method))
  if (flow.type === 'api') {
    const exchanged = await completeExchange(turn, started.session.id, started.token)
    if (exchanged) return exchanged
    return json(200, { continue_with: decision.continueWith ?? null, session, session_token: started.token })
  }
  const second = secondFactorUrl(ctx, started.session, identity, flow.returnTo)
  // Whoever signs in gets a new anti-CSRF token, so that one planted before is worthless.
  if (!again) call.csrf.rotate()
  const cookies = [sessionCookie(ctx, started.token)]
  if (second)
    return speaksJson(call, flow.type)
      ? json(422, ApiError.locationChangeRequired(second), { cookies })
      : redirect(second, 303, { cookies })
  if (!speaksJson(call, flow.type)) return redirect(decision.page ?? to, 303, { cookies })
  const continueWith = [
    ...(decision.continueWith ?? []),
    { action: 'redirect_browser_to', redirect_browser_to: decision.page ?? to },
  ]
  return json(200, { continue_with: continueWith, session }, { cookies })
}

/** Where the second factor is asked for, if whoami wants one that this person has and has not given. */
function secondFactorUrl(ctx: Context, session: Session, identity: Identity, returnTo?: string): string | undefined {
  if (!lacksSecondFactor(ctx, session, () => secondFactors(identity))) return undefined
  const url = publicUrl(ctx, 'self-service/login/browser')
  url.searchParams.set('aal', 'aal2')
  if (returnTo) url.searchParams.set('return_to', returnTo)
  return url.toString()
}

function defaults(ctx: Context, method: string): (string | undefined)[] {
  const { after } = ctx.config.identity.selfservice.flows.login
  const own = after[method as keyof MethodConfigs]
  return [own?.default_browser_return_url, after.default_browser_return_url]
}

interface Started {
  session: Session
  devices: Session['devices']
  token: string
}

async function startSession(turn: Turn, identityId: string, proof: Proof): Promise<Started> {
  const { ctx, call, flow } = turn
  const carrier = flow.type === 'api' ? 'token' : 'cookie'
  const { session, token } = await issueSession(ctx, call, { identityId, proofs: [proof], carrier })
  return { session, token, devices: session.devices }
}

/** The same person once more: the session goes on, stronger or fresher, under the secret that the caller has. */
async function continueSession(turn: Turn, before: Session, proof: Proof): Promise<Started> {
  const { ctx, call } = turn
  const session = await proveAgain(ctx, call, before, proof)
  return { session, token: presentedCredential(ctx, call), devices: [...session.devices, deviceNotStored(call)] }
}
