import { type UiNode, uiText } from '@latchkey/api'
import type { IdentityConflict } from '../../../identity/index.ts'
import { continueExchange } from '../../exchange/exchange.ts'
import type { Flow } from '../../flow/flow.ts'
import { destination } from '../../flow/return-to.ts'
import { insertFlow } from '../../flow/store.ts'
import { pageUrl, startPageUrl } from '../../flow/urls.ts'
import type { LinkOffer, SubmissionContext } from '../../method.ts'
import type { Outcome } from '../../outcome.ts'
import { nodeName, nodeValue } from '../../ui/nodes.ts'
import { formOf } from '../forms.ts'
import type { LoginHints } from '../registration/login-hints.ts'
import { loginFlowFor } from '../registration/sign-in-instead.ts'
import { setPendingLink } from './link.ts'

/**
 * Begins a login flow in which the owner of an account connects it to the provider that they came from, by signing in.
 * As in Kratos, the page of the flow is told by a parameter that it needs no button of an organization.
 */
export async function offerLink(
  submission: SubmissionContext<'registration'>,
  offer: LinkOffer,
  { conflict, hints }: { conflict: IdentityConflict; hints?: LoginHints | undefined },
): Promise<Outcome> {
  const { ctx, request, flow } = submission
  const identifier = 'value' in conflict.taken ? conflict.taken.value : ''
  const fresh = { ...loginFlowFor(submission), active: offer.credential }
  setPendingLink(ctx, fresh, {
    ...offer,
    identifier,
    proof: { method: offer.credential, aal: 'aal1', provider: offer.connection.provider },
  })
  await formOf(ctx, fresh, undefined).rebuild()
  showLinkForm(fresh, { offer, identifier, hints })
  fresh.ui.messages = [linkMessage(startPageUrl(ctx, 'login'), { offer, identifier, hints })]
  delete (fresh as Flow).form
  await insertFlow(ctx, fresh)
  await continueExchange(ctx, flow, fresh)
  const isAppInBrowser = flow.type === 'api' && !request.wantsJson
  if (!isAppInBrowser)
    return {
      type: 'shown',
      flow: fresh,
      status: 400,
      redirectStatus: 303,
      location: withNoOrganization(pageUrl(ctx, fresh)),
    }
  const back = new URL(destination(ctx, flow.returnTo))
  back.searchParams.set('flow', fresh.id)
  return { type: 'redirected', location: withNoOrganization(back.toString()) }
}

function withNoOrganization(page: string): string {
  const url = new URL(page)
  url.searchParams.set('no_org_ui', 'true')
  return url.toString()
}

interface Offered {
  offer: LinkOffer
  identifier: string
  hints: LoginHints | undefined
}

function linkMessage(loginUrl: string, { offer, identifier, hints }: Offered) {
  return uiText(1010016, {
    ...{ duplicateIdentifier: identifier, duplicate_identifier: identifier },
    ...{ newLoginUrl: loginUrl, new_login_url: loginUrl },
    provider: offer.label,
    available_credential_types: [...(hints?.credentials ?? [])],
    available_providers: [...(hints?.providers ?? [])],
  })
}

/** The ways to sign in, without the provider that they came from; with hints, only those that the account has. */
function showLinkForm(flow: Flow, { offer, identifier, hints }: Offered): void {
  const isOffered = (node: UiNode) => {
    const { label } = node.meta
    if (!label || node.group === 'default') return true
    const isProvider = nodeName(node) === 'provider'
    if (isProvider && nodeValue(node) === offer.connection.provider) return false
    if (!hints) return true
    if (isProvider && !hints.providers.includes(String(nodeValue(node)))) return false
    return hints.credentials.includes(node.group)
  }
  flow.ui.nodes = flow.ui.nodes.filter(isOffered).map((node) => hideIdentifier(relabel(node), identifier))
}

function relabel(node: UiNode): UiNode {
  const { label } = node.meta
  if (label?.id === 1010001) return { ...node, meta: { label: uiText(1010017) } }
  if (label?.id !== 1010002) return node
  const provider = String((label.context as { provider?: unknown } | undefined)?.provider ?? '')
  return { ...node, meta: { label: uiText(1010018, { provider }) } }
}

/** The account is known, so that the identifier is filled in and hidden. */
function hideIdentifier(node: UiNode, identifier: string): UiNode {
  if (node.attributes.node_type !== 'input' || node.attributes.name !== 'identifier') return node
  return { ...node, attributes: { ...node.attributes, type: 'hidden', value: identifier } }
}
