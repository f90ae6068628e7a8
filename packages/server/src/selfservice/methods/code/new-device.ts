import { UpdateLoginFlowWithCodeMethod, uiText } from '@latchkey/api'
import { findIdentity, type Identity, secondFactors } from '../../../identity/index.ts'
import { isDeliverable } from '../../../kernel/address.ts'
import type { Context } from '../../../kernel/context.ts'
import { isKnownDevice, lacksSecondFactor, type Proof } from '../../../session/index.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { internalState, setInternalState } from '../../flow/internal-state.ts'
import { limitMessages } from '../../limits/index.ts'
import type { ContinueFlow, SignedInBy, Step, StepResults, SubmissionContext } from '../../method.ts'
import { csrfNode } from '../../ui/nodes.ts'
import { codeField, continueButton, hiddenMethod, resendButton } from './nodes.ts'
import { expiredCode, redeemLimited, refusalOf, requireKnownResend } from './redeem.ts'
import { sendNewDeviceCode } from './send.ts'

/** A sign-in whose password was right, and which waits for the code. */
interface Waiting {
  readonly identityId: string
  readonly address: string
  readonly proof: Proof
  /** A MAC of the hash of the password, which must not change meanwhile. */
  readonly passwordMark: string
}

const stateName = 'new_device'

/**
 * Asks for a code after the right password, if the browser is not known for the identity, and sends it. Returns false
 * if none is needed: somebody signs in again, a second factor comes next, or there is no verified address to send it to.
 * Throws FlowError or 429 if too many messages were sent.
 */
export async function demandDeviceCode(
  submission: SubmissionContext<'login'>,
  { identity, proof }: SignedInBy,
): Promise<boolean> {
  const { ctx, request, flow, signed } = submission
  const { id } = identity.document
  if (signed?.identity.document.id === id) return false
  if (lacksSecondFactor(ctx, { aal: proof.aal ?? 'aal1' }, () => secondFactors(identity))) return false
  if (await isKnownDevice(ctx, request, id)) return false
  // The hash may just have been replaced by one of the configured kind.
  const current = (await findIdentity(ctx, id)) ?? identity
  const [address] = verifiedEmails(current)
  if (address === undefined) return false
  await send(submission, current, address)
  const waiting: Waiting = { identityId: id, address, proof, passwordMark: markOf(ctx, current) }
  setInternalState(ctx, flow, stateName, waiting)
  return true
}

/** Ends the wait for a code, after which a flow is like any other. */
export function endDeviceCode(flow: Flow): void {
  const { [stateName]: _, ...others } = flow.internal ?? {}
  flow.internal = others
  flow.state = 'passed_challenge'
}

/** The step of a login flow that waits for the code, whether or not codes are switched on as a method. */
export const newDeviceStep: Step<StepResults['login'], typeof UpdateLoginFlowWithCodeMethod> = {
  body: UpdateLoginFlowWithCodeMethod,
  nodes: () => [],
  decode(submission, { code: given, resend }) {
    requireKnownResend(resend)
    return async () => {
      const { ctx, flow } = submission as SubmissionContext<'login'>
      const waiting = internalState<Waiting>(ctx, flow, stateName)
      const identity = waiting && (await findIdentity(ctx, waiting.identityId))
      if (!identity || !isInForce(ctx, waiting, identity)) return beginAnew(submission)
      if (resend) return send(submission, identity, waiting.address)
      if (!given) throw new FlowError({ fields: [{ field: 'code', message: uiText(4000002, { property: 'code' }) }] })
      return enter(submission, { waiting, identity }, given)
    }
  },
}

async function send(submission: SubmissionContext, identity: Identity, address: string): Promise<ContinueFlow> {
  const { ctx, flow } = submission
  await limitMessages(submission, { via: 'email', address, identityId: identity.document.id })
  await sendNewDeviceCode(ctx, flow, { via: 'email', address, identity })
  flow.state = 'sent_email'
  flow.active = 'code'
  flow.ui.nodes = [
    ...[hiddenMethod(), codeField(1070013), continueButton(), resendButton()],
    ...(flow.type === 'browser' ? [csrfNode(flow.csrfToken)] : []),
  ]
  flow.ui.messages = [uiText(1010014)]
  return { continueFlow: 400 }
}

async function enter(
  submission: SubmissionContext,
  { waiting, identity }: { waiting: Waiting; identity: Identity },
  given: string,
): Promise<SignedInBy> {
  const redeemed = await redeemLimited(submission, 'new device', given, waiting.identityId)
  if ('refused' in redeemed) {
    if (redeemed.refused === 'expired') throw expiredCode(submission.flow)
    throw new FlowError({ messages: [refusalOf(redeemed.refused, uiText(4010008))] })
  }
  return { identity, proof: waiting.proof, newDeviceBy: 'password' }
}

/** Shows the form of the beginning, because the password or the address was changed meanwhile. */
async function beginAnew({ flow, form }: SubmissionContext): Promise<never> {
  endDeviceCode(flow)
  flow.state = 'choose_method'
  await form.rebuild()
  const reason = 'The account was changed meanwhile. Please enter the password again.'
  throw new FlowError({ messages: [uiText(4000001, { reason })] })
}

function isInForce(ctx: Context, { address, passwordMark }: Waiting, identity: Identity): boolean {
  return verifiedEmails(identity).includes(address) && markOf(ctx, identity) === passwordMark
}

function verifiedEmails({ document }: Identity): string[] {
  const all = document.verifiable_addresses ?? []
  return all.filter((one) => one.via === 'email' && one.verified && isDeliverable(one)).map(({ value }) => value)
}

function markOf(ctx: Context, { credentials }: Identity): string {
  return ctx.keys.mac('password of a new device', String(credentials.password?.config.hashed_password ?? ''))
}
