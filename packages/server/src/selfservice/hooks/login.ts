import { ApiError } from '@latchkey/api'
import type { Identity } from '../../identity/index.ts'
import { type Reply, redirect } from '../../kernel/http/index.ts'
import { revokeOthers } from '../../session/index.ts'
import { speaksJson } from '../flows/answer.ts'
import { pageUrl } from '../flows/urls.ts'
import { sendVerification } from '../flows/verification/send.ts'
import type { Turn } from '../turn.ts'
import { hooksAfter } from './hooks.ts'
import { callWebHooks } from './web-hook.ts'

/** What hooks add to the answer of a sign-in. */
export interface AfterLogin {
  /** Ends the flow with this answer: nobody is signed in. */
  reply?: Reply
  /** Where a browser goes instead. */
  page?: string
  continueWith?: readonly unknown[]
}

/** Runs the hooks of a sign-in, before the session begins. */
export async function afterLogin(turn: Turn, identity: Identity, method: string): Promise<AfterLogin> {
  const { ctx } = turn
  const hooks = hooksAfter(ctx, 'login', method)
  const names = new Set<string>(hooks.map(({ hook }) => hook))
  if (names.has('require_verified_address') && !hasVerifiedAddress(identity))
    return { reply: await askToVerify(turn, identity) }
  await callWebHooks(turn, hooks, identity)
  if (names.has('revoke_active_sessions')) await revokeOthers(ctx, identity.document.id)
  if (names.has('show_verification_ui') && !hasVerifiedAddress(identity)) {
    // Signing in replaces the token afterwards; the flow that is begun here must have the new one already.
    if (turn.flow.type === 'browser') turn.call.csrf.rotate()
    const [flow] = await sendVerification(turn, identity)
    if (flow) return { page: pageUrl(ctx, flow.flow), continueWith: [flow.continueWith] }
  }
  return {}
}

function hasVerifiedAddress({ document }: Identity): boolean {
  return (document.verifiable_addresses ?? []).some(({ verified }) => verified)
}

/** Sends a new verification message and leads there. */
async function askToVerify(turn: Turn, identity: Identity): Promise<Reply> {
  const { ctx, call, flow } = turn
  const [sent] = await sendVerification(turn, identity, { continueUrl: flow.returnTo })
  if (!speaksJson(call, flow.type) && sent) return redirect(pageUrl(ctx, sent.flow))
  throw ApiError.verifiedAddressRequired(sent ? [sent.continueWith] : [])
}
