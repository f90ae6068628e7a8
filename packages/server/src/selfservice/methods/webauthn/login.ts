import { type UiNode, type UiText, UpdateLoginFlowWithWebAuthnMethod, uiText } from '@latchkey/api'
import { findByIdentifier, handleIn, type Identity, keysIn, type PublicKey } from '../../../identity/index.ts'
import { normalizeIdentifier } from '../../../kernel/address.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Signed } from '../../../session/index.ts'
import { refusedAnswer } from '../../ceremonies/keys.ts'
import { keyButton, scriptNodes, suggestsPasskeys } from '../../ceremonies/nodes.ts'
import { requestOptions } from '../../ceremonies/options.ts'
import { type AssertionRequest, redeemAssertion } from '../../ceremonies/redeem.ts'
import { unreadable } from '../../ceremonies/response.ts'
import { keepRequest, requireRequest } from '../../ceremonies/state.ts'
import { parseAssertion } from '../../ceremonies/verify.ts'
import { transientPayload } from '../../flow/body.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import type { LoginStep, ReloadPage, SignedInBy, SubmissionContext } from '../../method.ts'
import { csrfNode, input, methodButton } from '../../ui/nodes.ts'
import { identifierLabel } from '../../ui/traits.ts'
import { isPasswordless, relyingParty } from './relying-party.ts'

/** A request for a signature, and the identity that it was made for. */
interface KeyRequest extends AssertionRequest {
  identityId: string
}

type Answer = ReturnType<typeof parseAssertion>

/** Signing in with a security key: as the first factor after the identifier, or as the second one. */
export const login: LoginStep<typeof UpdateLoginFlowWithWebAuthnMethod> = {
  isForBrowsers: true,
  body: UpdateLoginFlowWithWebAuthnMethod,
  usableBy: ({ credentials }) => keysIn(credentials.webauthn?.config).some((key) => key.is_passwordless),
  nodes(ctx, flow, signed) {
    if (flow.aal === 'aal2' || flow.refresh) return signed ? signedNodes(ctx, flow, signed) : []
    const label = identifierLabel(ctx, schemaOf(ctx, flow))
    return [
      input('identifier', 'default', 'text', { required: true, value: '', autocomplete: suggestsPasskeys, label }),
      methodButton('webauthn', 'webauthn', uiText(1010008)),
    ]
  },
  decode(submission, { identifier, webauthn_login: answer }) {
    const { ctx, flow, signed } = submission
    submission.submittedValues.set('webauthn_login', undefined)
    const payload = transientPayload(submission.body)
    const isSecond = flow.aal === 'aal2'
    if (isSecond && secondFactorKeys(signed).length === 0)
      throw new FlowError({ messages: [uiText(isPasswordless(ctx) ? 4010002 : 4000013)], keepsForm: true })
    if (!identifier && !isSecond) {
      const message = uiText(4000002, { property: 'identifier' })
      throw new FlowError({ fields: [{ field: 'identifier', message }] })
    }
    if (submission.body.transient_payload !== undefined) flow.transientPayload = payload
    const parsed = answer ? parseAssertion(answer) : undefined
    if (isSecond) return () => verifySecond(submission, parsed)
    return () => (parsed ? verifyFirst(submission, identifier, parsed) : askForKey(submission, identifier))
  },
}

/** The button of a person who is known: all keys of the requested level or, to sign in again, those of the first. */
function signedNodes(ctx: Context, flow: Flow, { identity }: Signed): UiNode[] {
  const keys = keysOf(identity, flow.aal === 'aal2' ? 'second' : 'first')
  if (keys.length === 0) return []
  return keyNodes(ctx, flow, { identity, keys, label: uiText(1010008) })
}

function keyNodes(
  ctx: Context,
  flow: Flow,
  { identity, keys, label }: { identity: Identity; keys: PublicKey[]; label: UiText },
): UiNode[] {
  const options = requestOptions(ctx, relyingParty(ctx), keys)
  keepRequest<KeyRequest>(ctx, flow, 'webauthn', {
    challenge: options.publicKey.challenge,
    allowed: keys.map(({ id }) => id),
    identityId: identity.document.id,
  })
  const [own] = identity.credentials.webauthn?.identifiers ?? []
  const trigger = { name: 'webauthn_login_trigger', group: 'webauthn', trigger: 'oryWebAuthnLogin', label } as const
  return [
    ...(own === undefined ? [] : [input('identifier', 'default', 'hidden', { value: own })]),
    ...scriptNodes(ctx, flow),
    keyButton(flow, trigger, options),
    input('webauthn_login', 'webauthn', 'hidden', { value: '' }),
  ]
}

/** The form asks for one of the keys of whoever the identifier names. */
async function askForKey({ ctx, flow, form }: SubmissionContext, identifier: string): Promise<ReloadPage> {
  const identity = await accountOf(ctx, identifier)
  const keys = identity ? keysOf(identity, 'first') : []
  if (!identity || keys.length === 0) throw new FlowError({ messages: [uiText(4000015)] })
  flow.ui.nodes = [
    csrfNode(flow.csrfToken),
    ...keyNodes(ctx, flow, { identity, keys, label: uiText(1010011) }).filter(({ group }) => group !== 'default'),
    input('identifier', 'default', 'hidden', { required: true, value: identifier }),
  ]
  flow.ui.messages = [uiText(1010012)]
  form.sort()
  return { reloadPage: true }
}

async function verifyFirst(submission: SubmissionContext, identifier: string, parsed: Answer): Promise<SignedInBy> {
  const identity = await accountOf(submission.ctx, identifier)
  if (!identity) throw new FlowError({ messages: [uiText(4000015)] })
  return verify(submission, identity, parsed, 'first')
}

async function verifySecond(submission: SubmissionContext, parsed: Answer | undefined): Promise<SignedInBy> {
  const { signed } = submission
  if (!signed) throw new FlowError({ messages: [uiText(4000013)] })
  if (!parsed) throw unreadable('it is missing')
  return verify(submission, signed.identity, parsed, 'second')
}

async function verify(
  { ctx, flow }: SubmissionContext,
  identity: Identity,
  parsed: Answer,
  factor: Factor,
): Promise<SignedInBy> {
  const request = requireRequest<KeyRequest>(ctx, flow, 'webauthn')
  const handle = parsed.response.userHandle
  const isOwn =
    request.identityId === identity.document.id &&
    (!handle || handleIn(identity.credentials.webauthn?.config).equals(Buffer.from(handle, 'base64url')))
  const redeemed =
    isOwn &&
    (await redeemAssertion(
      ctx,
      { rp: relyingParty(ctx), flow, request, parsed, identity, type: 'webauthn' },
      (key) => factorOf(key) === factor,
    ))
  if (!redeemed) throw new FlowError({ messages: [refusedAnswer()] })
  return {
    identity: redeemed.identity,
    proof: { method: 'webauthn', aal: factor === 'first' ? 'aal1' : 'aal2' },
  }
}

type Factor = 'first' | 'second'

function factorOf(key: PublicKey): Factor {
  return key.is_passwordless === true ? 'first' : 'second'
}

function keysOf({ credentials }: Identity, factor: Factor): PublicKey[] {
  return keysIn(credentials.webauthn?.config).filter((key) => factorOf(key) === factor)
}

function secondFactorKeys(signed: Signed | undefined): PublicKey[] {
  return signed ? keysOf(signed.identity, 'second') : []
}

function accountOf(ctx: Context, identifier: string): Promise<Identity | undefined> {
  return findByIdentifier(ctx, 'webauthn', normalizeIdentifier(identifier))
}
