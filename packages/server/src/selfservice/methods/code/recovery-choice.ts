import { type UiNode, type UiText, type UpdateRecoveryFlowWithCodeMethod, uiText } from '@latchkey/api'
import { findByAddress } from '../../../identity/index.ts'
import { type Address, readAddress } from '../../../kernel/address.ts'
import { type Fields, transientPayload } from '../../flow/body.ts'
import { inEqualTime } from '../../flow/equal-time.ts'
import { type AddressChoiceState, type Flow, FlowError } from '../../flow/flow.ts'
import { limitAddressChoices } from '../../limits/index.ts'
import type { Attempt, ContinueFlow, Recovered, ReplaceFlow, SubmissionContext } from '../../method.ts'
import { csrfNode, input } from '../../ui/nodes.ts'
import { maskAddress } from './mask-address.ts'
import { codeField, continueButton, hiddenMethod } from './nodes.ts'
import { enterRecoveryCode, requestRecoveryCode } from './recovery-code.ts'

type Submitted = Fields<UpdateRecoveryFlowWithCodeMethod>

/** Kratos lists at most so many addresses. */
const mostAddresses = 10

/** The first form: any recovery address of the account. */
export function addressForm(): UiNode[] {
  return [input('recovery_address', 'code', 'text', { required: true, label: uiText(1070016) }), continueButton()]
}

/**
 * Reads a submission by the state of the flow, as Kratos does in its second version of recovery: any address, the
 * choice among the masked addresses of the account, the chosen address in full, the code. Throws FlowError for a
 * missing field.
 */
export function decodeChoice(submission: SubmissionContext, fields: Submitted): Attempt<Recovered | ReplaceFlow> {
  const { flow, body } = submission
  const { recovery_address: typed, recovery_select_address: chosen, recovery_confirm_address: full, code } = fields
  const payload = transientPayload(body)
  flow.transientPayload = payload
  if (fields.screen === 'previous') return () => goBack(submission, typed)
  switch (flow.state) {
    case 'recovery_awaiting_address':
      requireField('recovery_address', typed)
      return () => offerAddresses(submission, typed)
    case 'recovery_awaiting_address_choice':
      requireField('recovery_select_address', chosen)
      requireField('recovery_address', typed)
      return () => chooseAddress(submission, typed, chosen)
    case 'recovery_awaiting_code':
      if (code) return () => enterRecoveryCode(submission, code, payload)
  }
  requireField('recovery_confirm_address', full)
  return () => send(submission, full, typed)
}

function requireField(field: keyof Submitted, value: string): void {
  if (!value) throw new FlowError({ fields: [{ field, message: uiText(4000002, { property: field }) }] })
}

/** Lists the addresses of the account if there are several; otherwise a code is sent to the given one. */
async function offerAddresses(submission: SubmissionContext, typed: string): Promise<ContinueFlow> {
  const addresses = await inEqualTime(() => choicesFor(submission, typed))
  if (addresses.length <= 1) return send(submission, typed, typed)
  show(submission.flow, 'recovery_awaiting_address_choice', uiText(1060006), [
    ...addresses.map((address) => choiceButton(submission, address)),
    hiddenMethod(),
    typedAddress(typed),
  ])
  return { continueFlow: 200 }
}

/** Asks for the chosen address in full, unless it is the one that was given. */
async function chooseAddress(submission: SubmissionContext, typed: string, chosen: string): Promise<ContinueFlow> {
  if (isChoice(submission, addressIn(typed), chosen)) return send(submission, typed, typed)
  const addresses = await inEqualTime(() => choicesFor(submission, typed))
  const address = addresses.find((one) => isChoice(submission, one, chosen))
  if (!address) {
    throw new FlowError({ messages: [uiText(4000001, { reason: 'The selected recovery address is not valid.' })] })
  }
  const [type, label] = address.via === 'email' ? (['email', 1070007] as const) : (['tel', 1070017] as const)
  show(submission.flow, 'recovery_confirming_address', uiText(1060005), [
    input('recovery_confirm_address', 'code', type, { required: true, label: uiText(label) }),
    typedAddress(typed),
    continueButton(),
    hiddenMethod(),
    backButton(),
  ])
  return { continueFlow: 200 }
}

/** Sends a code to the address that was given in full. The response is the same if it belongs to no account. */
async function send(submission: SubmissionContext, full: string, typed: string): Promise<ContinueFlow> {
  await inEqualTime(() => requestRecoveryCode(submission, addressIn(full)))
  const masked = maskAddress(full)
  show(submission.flow, 'recovery_awaiting_code', uiText(1060004, { masked_address: masked }), [
    codeField(1070010),
    continueButton(),
    hiddenMethod(),
    input('recovery_confirm_address', 'code', 'submit', { value: full, label: uiText(1070008) }),
    typedAddress(typed),
    backButton(),
  ])
  return { continueFlow: 200 }
}

/** Leads back to the choice, or to the first form where there is none. */
async function goBack(submission: SubmissionContext, typed: string): Promise<ContinueFlow> {
  const addresses = typed ? await inEqualTime(() => choicesFor(submission, typed)) : []
  if (addresses.length > 1) return offerAddresses(submission, typed)
  const { flow } = submission
  show(flow, 'recovery_awaiting_address', undefined, addressForm())
  return { continueFlow: 200 }
}

/** Shows the form of a state, with its message. */
function show(flow: Flow, state: AddressChoiceState, message: UiText | undefined, nodes: UiNode[]): void {
  flow.state = state
  flow.active = 'code'
  flow.ui.nodes = [csrfNode(flow.csrfToken), ...nodes]
  if (message) flow.ui.messages = [message]
  else delete flow.ui.messages
}

/**
 * The addresses of the account that the given one belongs to, in order. None where account enumeration is mitigated,
 * because a list is shown for existing accounts only.
 */
async function choicesFor(submission: SubmissionContext, typed: string): Promise<Address[]> {
  const { ctx } = submission
  if (ctx.config.identity.security.account_enumeration.mitigate) return []
  const identity = await findByAddress(ctx, 'recovery', addressIn(typed))
  const addresses = (identity?.document.recovery_addresses ?? []).slice(0, mostAddresses)
  if (!identity || addresses.length <= 1) return []
  await limitAddressChoices(submission, identity.document.id)
  return addresses
    .map(({ via, value }) => ({ via: via === 'email' ? ('email' as const) : ('sms' as const), value }))
    .sort((a, b) => (a.value < b.value ? -1 : 1))
}

/** As in Kratos, what contains no @ is a phone number. */
function addressIn(typed: string): Address {
  const text = typed.trim()
  return readAddress(text) ?? { via: text.includes('@') ? 'email' : 'sms', value: text }
}

function choiceButton(submission: SubmissionContext, address: Address): UiNode {
  const label = uiText(1070000, { masked_address: maskAddress(address.value) })
  return input('recovery_select_address', 'code', 'submit', { value: choiceIds(submission, address)[0], label })
}

function isChoice(submission: SubmissionContext, address: Address, chosen: string): boolean {
  return choiceIds(submission, address).includes(chosen)
}

/** The opaque identifiers of an address in this flow, under each key; a plain hash could be searched for the address. */
function choiceIds({ ctx, flow }: SubmissionContext, { via, value }: Address): string[] {
  return ctx.keys.macs('recovery address', `${flow.id} ${via} ${value}`)
}

/** The address that was given first, which every later step repeats. */
function typedAddress(value: string): UiNode {
  return input('recovery_address', 'code', 'hidden', { value })
}

function backButton(): UiNode {
  return input('screen', 'code', 'submit', { value: 'previous', label: uiText(1060007) })
}
