import { type MessageOptions, queueMessage } from '../../../courier/index.ts'
import { type Identity, publicView } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Flow } from '../../flows/flow.ts'
import { issueCode } from './codes.ts'

interface Target {
  via: string
  address: string
  identity?: Identity
}

const minutes = (ms: number) => Math.max(1, Math.floor(ms / 60_000))

/** What every message tells of its flow. */
export function common(flow: Flow, to: string) {
  return {
    to,
    request_url: flow.requestUrl,
    ...(flow.transientPayload && { transient_payload: flow.transientPayload }),
  }
}

/** How a message of a flow travels: by the channel that its address belongs to, in the language of who began the flow. */
export function delivery(flow: Flow, via: string): MessageOptions {
  return { via: via === 'sms' ? 'sms' : 'email', language: flow.language }
}

export async function sendLoginCode(
  ctx: Context,
  flow: Flow,
  { via, address, identity }: Target & { identity: Identity },
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const { code } = await issueCode(tx, flow.id, 'login', { identityId: identity.document.id, via, address })
    const data = {
      ...common(flow, address),
      login_code: code,
      identity: publicView(ctx, identity),
      expires_in_minutes: lifespanMinutes(ctx),
    }
    await queueMessage(tx, 'login_code_valid', data, delivery(flow, via))
  })
}

export async function sendRegistrationCode(
  ctx: Context,
  flow: Flow,
  { via, address }: Target,
  traits: object,
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const { code } = await issueCode(tx, flow.id, 'registration', { via, address })
    const data = { ...common(flow, address), registration_code: code, traits, expires_in_minutes: lifespanMinutes(ctx) }
    await queueMessage(tx, 'registration_code_valid', data, delivery(flow, via))
  })
}

export async function sendRecoveryCode(
  ctx: Context,
  flow: Flow,
  { via, address, identity }: Target & { identity: Identity },
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const { code } = await issueCode(tx, flow.id, 'recovery', { identityId: identity.document.id, via, address })
    const data = {
      ...common(flow, address),
      recovery_code: code,
      identity: publicView(ctx, identity),
      expires_in_minutes: lifespanMinutes(ctx),
    }
    await queueMessage(tx, 'recovery_code_valid', data, delivery(flow, via))
  })
}

export function lifespanMinutes(ctx: Context): number {
  return minutes(ctx.config.identity.selfservice.methods.code.config.lifespan)
}
