import { type EventName, type Events, record } from '../../event/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { Flow, FlowName } from './flow.ts'

const titles = {
  login: 'Login',
  registration: 'Registration',
  recovery: 'Recovery',
  verification: 'Verification',
  settings: 'Settings',
} as const satisfies Record<FlowName, string>

/** Records that a flow led to its end for an identity, with the write that it ends with. */
export function recordSuccess(
  ctx: Context,
  flow: Flow,
  of: { method: string; identityId: string; sessionId?: string },
): Promise<void> {
  const attributes = {
    ...attributesOf(flow, of.method),
    IdentityID: of.identityId,
    ...(of.sessionId && { SessionID: of.sessionId }),
  }
  return recordAs(ctx, `${titles[flow.name]}Succeeded`, attributes)
}

/** Records that a submission was refused; `reason` are the ids of the messages, or of the error. */
export function recordFailure(ctx: Context, flow: Flow, of: { method: string; reason: string }): Promise<void> {
  return recordAs(ctx, `${titles[flow.name]}Failed`, { ...attributesOf(flow, of.method), ErrorReason: of.reason })
}

/** Records that an administrator made a secret that recovers an account. */
export function recordAdminRecovery(ctx: Context, flow: Flow, identityId: string): Promise<void> {
  const method = flow.active ?? ''
  return record(ctx, 'RecoveryInitiatedByAdmin', { ...attributesOf(flow, method), IdentityID: identityId })
}

function attributesOf(flow: Flow, method: string) {
  const login = { LoginRequestedAAL: flow.aal ?? 'aal1', LoginRequestedPrivilegedSession: flow.refresh ?? false }
  return {
    FlowID: flow.id,
    SelfServiceFlowType: flow.type,
    SelfServiceMethodUsed: method,
    ...(flow.name === 'login' && login),
  }
}

/** The name of the event says which attributes it has; those of all flows are the same but for the login's. */
function recordAs(ctx: Context, name: EventName, attributes: object): Promise<void> {
  return record(ctx, name, attributes as Events[EventName])
}
