import { type UiNode, UpdateLoginFlowWithPasskeyMethod, uiText } from '@latchkey/api'
import { findByUserHandle, type Identity, keysIn } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Signed } from '../../../session/index.ts'
import { refusedAnswer } from '../../ceremonies/keys.ts'
import { onClick, onLoad, scriptNodes, suggestsPasskeys } from '../../ceremonies/nodes.ts'
import { requestOptions } from '../../ceremonies/options.ts'
import { redeemAssertion } from '../../ceremonies/redeem.ts'
import { keepRequest, requireRequest } from '../../ceremonies/state.ts'
import { parseAssertion } from '../../ceremonies/verify.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import type { LoginStep, SignedInBy, SubmissionContext } from '../../method.ts'
import { input } from '../../ui/nodes.ts'
import { identifierLabel } from '../../ui/traits.ts'
import { displayName } from './display-name.ts'
import { relyingParty } from './relying-party.ts'

/** Signing in with a passkey, which tells whose it is. */
export const login: LoginStep<typeof UpdateLoginFlowWithPasskeyMethod> = {
  body: UpdateLoginFlowWithPasskeyMethod,
  usableBy: ({ credentials }) => keysIn(credentials.passkey?.config).length > 0,
  isIndividual: () => true,
  nodes: (ctx, flow, signed) => (flow.refresh && signed ? refreshNodes(ctx, flow, signed) : firstNodes(ctx, flow)),
  suggestionNodes,
  decode(submission, { passkey_login: answer }) {
    submission.submittedValues.set('passkey_login', undefined)
    if (!answer) return async () => ({ reloadPage: true })
    const parsed = parseAssertion(answer)
    return () => verify(submission, parsed)
  },
}

/** Any passkey of the relying party; browsers suggest them in the field of the identifier. */
function firstNodes(ctx: Context, flow: Flow): UiNode[] {
  const label = identifierLabel(ctx, schemaOf(ctx, flow))
  return [
    input('identifier', 'default', 'text', { required: true, value: '', autocomplete: suggestsPasskeys, label }),
    ...suggestionNodes(ctx, flow),
    loginButton(flow),
  ]
}

/** What the script needs to suggest passkeys in the field of the identifier, whatever method has it. */
function suggestionNodes(ctx: Context, flow: Flow): UiNode[] {
  const options = requestOptions(ctx, relyingParty(ctx))
  keepRequest(ctx, flow, 'passkey', { challenge: options.publicKey.challenge, allowed: [] })
  return [
    input('passkey_challenge', 'passkey', 'hidden', { value: JSON.stringify(options) }),
    ...scriptNodes(ctx, flow),
    input('passkey_login', 'passkey', 'hidden', onLoad(flow, 'oryPasskeyLoginAutocompleteInit')),
  ]
}

/** One of the passkeys of the person who signs in again. */
function refreshNodes(ctx: Context, flow: Flow, { identity }: Signed): UiNode[] {
  const keys = keysIn(identity.credentials.passkey?.config)
  if (keys.length === 0) return []
  const options = requestOptions(ctx, relyingParty(ctx), keys)
  keepRequest(ctx, flow, 'passkey', { challenge: options.publicKey.challenge, allowed: keys.map(({ id }) => id) })
  return [
    input('passkey_challenge', 'passkey', 'hidden', { value: JSON.stringify(options) }),
    ...scriptNodes(ctx, flow),
    input('passkey_login', 'passkey', 'hidden'),
    loginButton(flow),
    input('identifier', 'default', 'hidden', { value: displayName(ctx, identity.document) ?? '' }),
  ]
}

function loginButton(flow: Flow): UiNode {
  const label = uiText(1010021)
  return input('passkey_login_trigger', 'passkey', 'button', { value: '', label, ...onClick(flow, 'oryPasskeyLogin') })
}

async function verify(
  { ctx, flow }: SubmissionContext,
  parsed: ReturnType<typeof parseAssertion>,
): Promise<SignedInBy> {
  const request = requireRequest(ctx, flow, 'passkey')
  const handle = Buffer.from(parsed.response.userHandle ?? '', 'base64url')
  const owner = await findByUserHandle(ctx, handle)
  if (!owner) throw new FlowError({ messages: [uiText(4000015)] })
  const { identity, type } = owner
  const redeemed = await redeemAssertion(
    ctx,
    { rp: relyingParty(ctx), flow, request, parsed, identity, type },
    (key) => key.is_passwordless === true,
  )
  if (!redeemed) throw new FlowError({ messages: [refusedAnswer()] })
  return signedInBy(redeemed.identity)
}

const signedInBy = (identity: Identity): SignedInBy => ({ identity, proof: { method: 'passkey', aal: 'aal1' } })
