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

/** Records the success of a flow for an identity, in the transaction that completes the flow. */
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

/** Records a rejected submission; `reason` contains the IDs of the messages, or the ID or status of the error. */
export function recordFailure(ctx: Context, flow: Flow, of: { method: string; reason: string }): Promise<void> {
  return recordAs(ctx, `${titles[flow.name]}Failed`, { ...attributesOf(flow, of.method), ErrorReason: of.reason })
}

/** Records that an administrator created a recovery code or link. */
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

/** The attributes of an event depend on its name; only login has additional ones. */
function recordAs(ctx: Context, name: EventName, attributes: object): Promise<void> {
  return record(ctx, name, attributes as Events[EventName])
}
