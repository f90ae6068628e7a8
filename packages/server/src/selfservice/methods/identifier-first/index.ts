import { uiText } from '@latchkey/api'
import { findByIdentifier, type Identity, normalizeIdentifier } from '../../../identity/index.ts'
import { textField, transientPayload } from '../../flows/body.ts'
import { FlowError } from '../../flows/flow.ts'
import { firstFactorNodes } from '../../flows/login/form.ts'
import { schemaOf } from '../../flows/requested.ts'
import type { LoginOutcome, Method, Step, Turn } from '../../turn.ts'
import { continueLabel, csrfNode, input, methodButton } from '../../ui/nodes.ts'
import { loginOrder, sortNodes } from '../../ui/sort.ts'
import { identifierLabel } from '../../ui/traits.ts'

const login: Step<LoginOutcome> = {
  nodes: (ctx, flow) => [
    input('identifier', 'identifier_first', 'text', {
      required: true,
      value: '',
      label: identifierLabel(ctx, schemaOf(ctx, flow)),
    }),
    methodButton('identifier_first', 'identifier_first', continueLabel()),
  ],
  decode(turn) {
    const payload = transientPayload(turn.body)
    const identifier = textField(turn.body, 'identifier')
    turn.typed.set('identifier', identifier)
    return () => chooseMethod(turn, identifier, payload)
  },
}

/** Signing in in two steps: who one is first, then only the ways in that this account has. */
export const identifierFirst: Method = {
  name: 'identifier_first',
  enabled: (ctx, { name, aal, refresh }) =>
    name === 'login' &&
    aal !== 'aal2' &&
    !refresh &&
    ctx.config.identity.selfservice.flows.login.style === 'identifier_first',
  login,
}

async function chooseMethod(turn: Turn, identifier: string, payload: Record<string, unknown>): Promise<LoginOutcome> {
  const { ctx, flow } = turn
  const known = identifier ? await accountOf(turn, normalizeIdentifier(identifier)) : undefined
  const hides = ctx.config.identity.security.account_enumeration.mitigate
  if (!identifier || (!known && !hides)) {
    throw new FlowError({ fields: [{ field: 'identifier', message: uiText(4000037) }] })
  }
  // With protection against enumeration strangers see all ways in, as everybody else does.
  const usable = hides || !known ? undefined : known
  const ways = await firstFactorNodes(ctx, flow, (method) => !usable || hasMethod(usable, method))
  const label = identifierLabel(ctx, schemaOf(ctx, flow))
  flow.ui.nodes = [
    input('identifier', 'identifier_first', 'hidden', { required: true, value: identifier, label }),
    csrfNode(flow.csrfToken),
    ...ways,
  ]
  delete flow.ui.messages
  flow.active = 'identifier_first'
  flow.transientPayload = payload
  sortNodes(flow.ui, loginOrder)
  return { stay: true, status: 400 }
}

async function accountOf({ ctx }: Turn, identifier: string): Promise<Identity | undefined> {
  return (await findByIdentifier(ctx, 'password', identifier)) ?? (await findByIdentifier(ctx, 'code', identifier))
}

function hasMethod({ credentials }: Identity, method: string): boolean {
  if (method === 'password') return typeof credentials.password?.config.hashed_password === 'string'
  return method === 'code' ? Boolean(credentials.code?.identifiers.length) : true
}
