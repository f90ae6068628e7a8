import { ApiError, type UiNode, UpdateLoginFlowWithCodeMethod, uiText } from '@latchkey/api'
import { findByAddress, findByIdentifier, type Identity } from '../../../identity/index.ts'
import { isDeliverable, normalizeIdentifier, readAddress } from '../../../kernel/address.ts'
import { markVerified } from '../../flow/address-status.ts'
import { transientPayload } from '../../flow/body.ts'
import { inEqualTime } from '../../flow/equal-time.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import { saveFlow } from '../../flow/store.ts'
import { limitMessages } from '../../limits/index.ts'
import type { ContinueFlow, LoginStep, SignedInBy, SubmissionContext } from '../../method.ts'
import { setCsrf, upsert } from '../../ui/container.ts'
import { csrfNode, input, methodButton, nodeName } from '../../ui/nodes.ts'
import { identifierLabel } from '../../ui/traits.ts'
import { codeField, continueButton, hiddenMethod, resendButton } from './nodes.ts'
import { expiredCode, redeemLimited, refusalOf, requireKnownResend } from './redeem.ts'
import { addressNodes, type CodeAddress, codeAddresses, sendOnlySecondFactor } from './second-factor.ts'
import { sendLoginCode } from './send.ts'

/** Login with a code, as the first or second factor. */
export const login: LoginStep<typeof UpdateLoginFlowWithCodeMethod> = {
  body: UpdateLoginFlowWithCodeMethod,
  usableBy: ({ credentials }) => Boolean(credentials.code?.identifiers.length),
  begin: sendOnlySecondFactor,
  nodes(ctx, flow, signed) {
    if (flow.aal === 'aal2') return signed ? addressNodes(signed.identity) : []
    return [
      input('identifier', 'default', 'text', {
        required: true,
        value: '',
        label: identifierLabel(ctx, schemaOf(ctx, flow)),
      }),
      methodButton('code', 'code', uiText(1010015)),
    ]
  },
  showMistake,
  decode(submission, { code: given, resend, ...fields }) {
    const { flow, body, submittedValues } = submission
    const identifier = fields.identifier || fields.address
    submittedValues.set('identifier', identifier)
    const payload = transientPayload(body)
    requireKnownResend(resend)
    return async () => {
      if (resend) flow.state = 'choose_method'
      if (flow.state === 'passed_challenge') throw new FlowError({ messages: [uiText(4010002)] })
      const entering = flow.state === 'sent_email'
      // A second-factor code belongs to the identity of the session.
      if (!identifier && !(entering && flow.aal === 'aal2')) throw missingField('identifier')
      if (!entering) return send(submission, identifier, payload)
      if (!given) throw missingField('code')
      return enter(submission, identifier, given)
    }
  },
}

/** After a code was sent, the identifier becomes a hidden field. */
function showMistake({ request, flow, submittedValues }: SubmissionContext): void {
  setCsrf(flow.ui, request.csrf.knownFormToken())
  if (flow.state !== 'sent_email' || flow.internal?.new_device) return
  upsert(flow.ui, input('identifier', 'default', 'hidden', { value: submittedValues.get('identifier') }))
}

async function send(
  submission: SubmissionContext,
  identifier: string,
  payload: Record<string, unknown>,
): Promise<ContinueFlow> {
  const { flow } = submission
  flow.transientPayload = payload
  const target = await inEqualTime(() => sendCode(submission, normalizeIdentifier(identifier)))
  if (!target && !hidesAccounts(submission)) {
    delete flow.transientPayload
    if (flow.aal === 'aal2') flow.state = 'choose_method'
    throw new FlowError({ messages: [uiText(4000035)] })
  }
  flow.state = 'sent_email'
  flow.active = 'code'
  flow.ui.nodes = [
    flow.aal === 'aal2'
      ? input('identifier', 'default', 'hidden', { value: target?.address })
      : hiddenIdentifier(submission, identifier.includes('@') ? identifier.toLowerCase() : identifier),
    ...[hiddenMethod(), codeField(1070013), continueButton(), resendButton()],
    ...(flow.type === 'browser' ? [csrfNode(flow.csrfToken)] : []),
  ]
  flow.ui.messages = [uiText(1010014)]
  return { continueFlow: 400 }
}

/** The field of the identifier, hidden. As in Kratos, it keeps what the form of an earlier submission made of it. */
function hiddenIdentifier({ ctx, flow }: SubmissionContext, value: string): UiNode {
  const shown = flow.ui.nodes.find((node) => nodeName(node) === 'identifier')
  if (shown?.attributes.node_type === 'input') {
    return { ...shown, messages: [], attributes: { ...shown.attributes, type: 'hidden', value } }
  }
  return input('identifier', 'default', 'hidden', {
    required: true,
    value,
    label: identifierLabel(ctx, schemaOf(ctx, flow)),
  })
}

/** Sends a code to the address that belongs to an identifier, and returns the address, if there is one. */
async function sendCode(submission: SubmissionContext, normal: string): Promise<CodeAddress | undefined> {
  const { ctx, flow } = submission
  const identity = await findOwner(submission, normal)
  const target = identity && addressFor(identity, normal, flow.aal)
  const via = target?.channel ?? 'email'
  const address = target?.address ?? normal
  await limitMessages(submission, { via, address, identityId: target && identity?.document.id })
  if (target) await sendLoginCode(ctx, flow, { via, address, identity })
  return target
}

/** Whether unknown accounts are answered like known ones; a second factor belongs to a known one. */
function hidesAccounts({ ctx, flow }: SubmissionContext): boolean {
  return flow.aal !== 'aal2' && ctx.config.identity.security.account_enumeration.mitigate
}

function missingField(property: 'identifier' | 'code'): FlowError {
  return new FlowError({ fields: [{ field: property, message: uiText(4000002, { property }) }] })
}

/** The identity that owns the code; for the second factor, the identity of the session. */
async function findOwner(submission: SubmissionContext, normal: string): Promise<Identity | undefined> {
  const { ctx, flow, signed } = submission
  const found = flow.aal === 'aal2' ? signed?.identity : await findByIdentifier(ctx, 'code', normal)
  return found ?? fallback(submission, normal)
}

/** If configured, identities without a code credential may sign in with one of their addresses. */
async function fallback({ ctx, flow }: SubmissionContext, normal: string): Promise<Identity | undefined> {
  if (flow.aal === 'aal2' || !ctx.config.identity.selfservice.methods.code.config.missing_credential_fallback_enabled)
    return undefined
  const address = readAddress(normal)
  return address && findByAddress(ctx, 'verification', address)
}

function addressFor(identity: Identity, normal: string, aal: Flow['aal']): CodeAddress | undefined {
  const own = codeAddresses(identity)
  const known = own.find(({ address }) => normalizeIdentifier(address) === normal)
  if (known || aal === 'aal2') return known
  const verifiable = identity.document.verifiable_addresses?.find((one) => one.value === normal && isDeliverable(one))
  if (verifiable) return { channel: verifiable.via, address: verifiable.value }
  // If the identifier is not an address, the code is sent to the only address of the identity.
  return own.length === 1 ? own[0] : undefined
}

/** No identity has this id. */
const nobody = '00000000-0000-0000-0000-000000000000'

async function enter(submission: SubmissionContext, identifier: string, given: string): Promise<SignedInBy> {
  const { ctx, flow, signed } = submission
  const owner = await findOwner(submission, normalizeIdentifier(identifier))
  if (!owner && !hidesAccounts(submission)) throw new FlowError({ messages: [uiText(4000035)] })
  const redeemed = await redeemLimited(submission, 'login', given, owner?.document.id ?? nobody)
  if ('refused' in redeemed) {
    if (redeemed.refused === 'expired') throw expiredCode(flow)
    throw new FlowError({ messages: [refusalOf(redeemed.refused, uiText(4010008))] })
  }
  const { identity_id: id, via, address } = redeemed.found
  const identity = id ? await markVerified(ctx, id, via, address) : undefined
  if (!identity) throw new FlowError({ messages: [uiText(4010008)] })
  if (flow.aal === 'aal2' && signed?.identity.document.id !== id) throw ApiError.identityMismatch()
  flow.state = 'passed_challenge'
  await saveFlow(ctx, flow)
  return { identity, proof: { method: 'code', aal: flow.aal === 'aal2' ? 'aal2' : 'aal1' } }
}
