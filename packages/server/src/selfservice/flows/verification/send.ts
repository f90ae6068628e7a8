import type { ContinueWith } from '@latchkey/api'
import type { Identity, VerifiableAddress } from '../../../identity/index.ts'
import { isDeliverable } from '../../../kernel/address.ts'
import type { Context } from '../../../kernel/context.ts'
import { transientPayload } from '../../flow/body.ts'
import { newFlow } from '../../flow/create.ts'
import type { Flow } from '../../flow/flow.ts'
import { withPayload } from '../../flow/message.ts'
import { noteStep } from '../../flow/steps.ts'
import { insertFlow } from '../../flow/store.ts'
import { pageUrl } from '../../flow/urls.ts'
import { mayBeSent } from '../../limits/index.ts'
import type { SubmissionContext } from '../../method.ts'
import { methods } from '../../methods/index.ts'
import type { Recipient } from '../../pending/recipient.ts'
import { verificationForm } from './form.ts'

/** A verification flow created for an address, and its `continue_with` entry. */
export interface BegunVerification {
  flow: Flow
  address: VerifiableAddress
  continueWith: ContinueWith
}

type Cause = Pick<SubmissionContext, 'ctx' | 'request' | 'flow' | 'body'>

/**
 * Creates a flow and sends a message for the first unverified address of an identity, with the configured method, as in
 * Kratos; with the flag `legacy_continue_with_verification_ui` for each of them. If there were too many messages, the
 * flow offers to send one. Does nothing if verification is disabled.
 */
export async function beginVerifications(
  cause: Cause,
  identity: Identity,
  options: { continueUrl?: string } = {},
): Promise<BegunVerification[]> {
  const { verification } = cause.ctx.config.identity.selfservice.flows
  if (!verification.enabled) return []
  const open = (identity.document.verifiable_addresses ?? []).filter((one) => !one.verified && isDeliverable(one))
  const begun: BegunVerification[] = []
  for (const address of showsAllVerifications(cause.ctx) ? open : open.slice(0, 1))
    begun.push(await beginVerificationOf(cause, { identity, address }, options))
  return begun
}

/** Whether flows tell clients of all verifications that have begun, with or without the hook `show_verification_ui`. */
export function showsAllVerifications({ config }: Context): boolean {
  return config.identity.feature_flags.legacy_continue_with_verification_ui
}

/**
 * Creates a flow and sends a message for an address of an identity, which may be one that it does not have yet. If there
 * were too many messages, the flow offers to send one.
 */
export async function beginVerificationOf(
  { ctx, request, flow: cause, body }: Cause,
  to: Recipient,
  { continueUrl }: { continueUrl?: string } = {},
): Promise<BegunVerification> {
  const { type, requestUrl, language } = cause
  const returnTo = continueUrl ?? cause.continueUrl ?? cause.returnTo
  const flow = newFlow(ctx, request, { name: 'verification', type, requestUrl, returnTo, language })
  flow.identityId = to.identity.document.id
  // Links are not sent as text messages.
  flow.active = to.address.via === 'email' ? ctx.config.identity.selfservice.flows.verification.use : 'code'
  // Registration rotates the anti-CSRF token, so this flow needs the new one.
  if (type === 'browser')
    flow.csrfToken =
      cause.name === 'registration' ? request.csrf.rotate(to.identity.document.id) : request.csrf.formToken()
  const step = methods.find(({ name }) => name === flow.active)?.verification
  const { via, value } = to.address
  const sends = await mayBeSent(ctx, request, { via, address: value, identityId: flow.identityId })
  if (sends) {
    flow.state = 'sent_email'
    step?.sentForm(flow, value)
  } else await verificationForm.build(ctx, flow, undefined)
  await insertFlow(ctx, flow)
  const payload = cause.transientPayload ?? transientPayload(body)
  if (sends) noteStep(ctx, cause, 'message', { via, flow_id: flow.id })
  if (sends) await step?.send(ctx, withPayload(flow, payload), to)
  // As in Kratos, API flows get the URL of the verification page after login, but not after registration.
  const url = type === 'browser' || cause.name === 'login' ? { url: pageUrl(ctx, flow) } : {}
  const shown = { id: flow.id, verifiable_address: to.address.value, ...url }
  return { flow, address: to.address, continueWith: { action: 'show_verification_ui', flow: shown } }
}
