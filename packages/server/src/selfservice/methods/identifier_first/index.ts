import { UpdateLoginFlowWithIdentifierFirstMethod, uiText } from '@latchkey/api'
import { findByIdentifier, type Identity } from '../../../identity/index.ts'
import { normalizeIdentifier } from '../../../kernel/address.ts'
import type { Context } from '../../../kernel/context.ts'
import { suggestsPasskeys } from '../../ceremonies/nodes.ts'
import { transientPayload } from '../../flow/body.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import type { ContinueFlow, LoginStep, Method, SubmissionContext } from '../../method.ts'
import { continueLabel, csrfNode, input, methodButton, nodeName } from '../../ui/nodes.ts'
import { identifierLabel } from '../../ui/traits.ts'

const login: LoginStep<typeof UpdateLoginFlowWithIdentifierFirstMethod> = {
  enabled: (ctx, { refresh }) => !refresh && ctx.config.identity.selfservice.flows.login.style === 'identifier_first',
  body: UpdateLoginFlowWithIdentifierFirstMethod,
  nodes: (ctx, flow) => [
    input('identifier', 'identifier_first', 'text', { ...suggesting, value: '', label: labelOf(ctx, flow) }),
    methodButton('identifier_first', 'identifier_first', continueLabel()),
  ],
  decode(submission, { identifier }) {
    const payload = transientPayload(submission.body)
    submission.submittedValues.set('identifier', identifier)
    return () => chooseMethod(submission, identifier, payload)
  },
}

/** As in Kratos, whether or not there are passkeys to suggest. */
const suggesting = { required: true, autocomplete: suggestsPasskeys } as const

/** Signing in in two steps: who one is first, then only the ways in that this account has. */
export const identifierFirst: Method = {
  name: 'identifier_first',
  group: 'identifier_first',
  aal: () => ['aal1'],
  asksFirst: true,
  login,
}

async function chooseMethod(
  submission: SubmissionContext,
  identifier: string,
  payload: Record<string, unknown>,
): Promise<ContinueFlow> {
  const { ctx, flow, form } = submission
  const account = identifier ? await accountOf(ctx, normalizeIdentifier(identifier)) : undefined
  const hides = ctx.config.identity.security.account_enumeration.mitigate
  if (!identifier || (!account && !hides)) {
    throw new FlowError({ fields: [{ field: 'identifier', message: uiText(4000037) }] })
  }
  // With protection against enumeration strangers see all ways in, as everybody else does.
  const owner = hides ? undefined : account
  const ways = await form.methodNodes(
    (method) => !method.asksFirst && (!owner || (method.login?.usableBy?.(owner) ?? true)),
    owner,
  )
  const label = labelOf(ctx, flow)
  flow.ui.nodes = [
    input('identifier', 'identifier_first', 'hidden', { ...suggesting, value: identifier, label }),
    csrfNode(flow.csrfToken),
    ...ways.filter((node) => nodeName(node) !== 'identifier'),
  ]
  delete flow.ui.messages
  flow.active = 'identifier_first'
  flow.transientPayload = payload
  form.sort()
  return { continueFlow: 400 }
}

function labelOf(ctx: Context, flow: Flow) {
  return identifierLabel(ctx, schemaOf(ctx, flow))
}

async function accountOf(ctx: Context, identifier: string): Promise<Identity | undefined> {
  return (await findByIdentifier(ctx, 'password', identifier)) ?? (await findByIdentifier(ctx, 'code', identifier))
}
