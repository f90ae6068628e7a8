import type { Identity, VerifiableAddress } from '../../../identity/index.ts'
import { sendVerificationCode, sentCodeForm, startsCode } from '../../methods/code/verification.ts'
import { linkSentForm, sendVerificationLink } from '../../methods/link/verification.ts'
import type { Turn } from '../../turn.ts'
import { newFlow } from '../begin.ts'
import type { Flow } from '../flow.ts'
import { insertFlow } from '../store.ts'
import { pageUrl } from '../urls.ts'

/** A verification that was begun for an address, and how a client is told of it. */
export interface Sent {
  flow: Flow
  address: VerifiableAddress
  continueWith: object
}

/**
 * Begins to verify every address of an identity that is not verified: one flow and one message each.
 * Nothing happens where verification is switched off.
 */
export async function sendVerification(
  turn: Turn,
  identity: Identity,
  options: { continueUrl?: string } = {},
): Promise<Sent[]> {
  const { ctx } = turn
  const { verification } = ctx.config.identity.selfservice.flows
  if (!verification.enabled) return []
  const open = (identity.document.verifiable_addresses ?? []).filter(({ verified }) => !verified)
  const sent: Sent[] = []
  for (const address of open) sent.push(await sendOne(turn, identity, address, options))
  return sent
}

async function sendOne(
  turn: Turn,
  identity: Identity,
  address: VerifiableAddress,
  { continueUrl }: { continueUrl?: string },
): Promise<Sent> {
  const { ctx, call, flow: cause } = turn
  const flow = newFlow(ctx, call, 'verification', cause.type, continueUrl ?? cause.continueUrl ?? cause.returnTo)
  flow.requestUrl = cause.requestUrl
  flow.state = 'sent_email'
  flow.identityId = identity.document.id
  // Signing up replaces the token, so this flow must have the new one.
  if (cause.type === 'browser')
    flow.csrfToken = cause.name === 'registration' ? call.csrf.rotate() : call.csrf.formToken()
  if (startsCode(ctx)) {
    flow.active = 'code'
    sentCodeForm(flow, address.value)
    await insertFlow(ctx, flow)
    await sendVerificationCode(ctx, flow, { identity, address })
  } else {
    flow.active = 'link'
    linkSentForm(flow, address.value)
    await insertFlow(ctx, flow)
    await sendVerificationLink(ctx, flow, { identity, address })
  }
  // After signing up an app shows its own page; after signing in it is told of ours as well (Kratos).
  const url = flow.type === 'browser' || cause.name === 'login' ? { url: pageUrl(ctx, flow) } : {}
  return {
    flow,
    address,
    continueWith: { action: 'show_verification_ui', flow: { id: flow.id, verifiable_address: address.value, ...url } },
  }
}
