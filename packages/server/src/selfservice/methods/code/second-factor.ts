import { ApiError, type UiNode, uiText } from '@latchkey/api'
import type { Identity } from '../../../identity/index.ts'
import { isDeliverable, normalizeAddress } from '../../../kernel/address.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import type { Flow } from '../../flow/flow.ts'
import { mayBeSent } from '../../limits/index.ts'
import { csrfNode, input } from '../../ui/nodes.ts'
import { valueAt } from '../../ui/traits.ts'
import { codeField, continueButton, hiddenMethod, resendButton } from './nodes.ts'
import { sendLoginCode } from './send.ts'

export interface CodeAddress {
  channel: string
  address: string
}

/** The addresses of the code credential to which messages can be sent. */
export function codeAddresses(identity: Identity): CodeAddress[] {
  const addresses = identity.credentials.code?.config.addresses
  const all = Array.isArray(addresses) ? (addresses as CodeAddress[]) : []
  return all.filter(({ channel, address }) => isDeliverable({ via: channel, value: address }))
}

/** A submit button for each address of the second factor. */
export function addressNodes(identity: Identity): UiNode[] {
  return codeAddresses(identity).map((one) =>
    input('address', 'code', 'submit', { value: one.address, label: addressLabel(one) }),
  )
}

const addressLabel = ({ address, channel }: CodeAddress) => uiText(1010023, { address, channel })

/**
 * If there is only one address, the code is sent when the flow is created. `via` restricts the addresses to a trait, named
 * by its path (`contact.phone`), or to a channel. Throws 400 if no address matches.
 */
export async function sendOnlySecondFactor(
  ctx: Context,
  flow: Flow,
  { identity, via, request }: { identity: Identity; via: string; request: Call },
): Promise<void> {
  const addresses = codeAddresses(identity).filter((one) => via === '' || matchesVia(identity, one, via))
  if (via !== '' && addresses.length === 0)
    throw ApiError.badRequest({ reason: 'There is no address for the parameter via.' })
  const [only] = addresses
  if (!only || addresses.length > 1) return
  // Otherwise the form offers to send a code.
  const recipient = { via: only.channel, address: only.address, identityId: identity.document.id }
  if (!(await mayBeSent(ctx, request, recipient))) return
  await sendLoginCode(ctx, flow, { via: only.channel, address: only.address, identity })
  flow.state = 'sent_email'
  flow.active = 'code'
  flow.ui.nodes = [
    input('identifier', 'code', 'hidden', { value: only.address, label: addressLabel(only) }),
    ...[hiddenMethod(), codeField(1070013), continueButton(), resendButton()],
    ...(flow.type === 'browser' ? [csrfNode(flow.csrfToken)] : []),
  ]
  flow.ui.messages = [uiText(1010014)]
}

function matchesVia(identity: Identity, { channel, address }: CodeAddress, via: string): boolean {
  if (via === channel) return true
  const trait = valueAt(identity.document.traits, via)
  return typeof trait === 'string' && normalizeAddress(channel, trait) === normalizeAddress(channel, address)
}
