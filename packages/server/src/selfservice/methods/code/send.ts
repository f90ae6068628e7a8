import { queueMessage } from '../../../courier/index.ts'
import { type Identity, publicView } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Flow } from '../../flow/flow.ts'
import { messageData, messageOptions, wholeMinutes } from '../../flow/message.ts'
import { issueCode } from './store.ts'

interface Target {
  via: string
  address: string
  identity?: Identity
}

export function sendLoginCode(ctx: Context, flow: Flow, to: Target & { identity: Identity }): Promise<void> {
  return sendCodeToSignIn(ctx, flow, { ...to, purpose: 'login' })
}

/** The message says that somebody has entered the right password in a browser that is not known. */
export function sendNewDeviceCode(ctx: Context, flow: Flow, to: Target & { identity: Identity }): Promise<void> {
  return sendCodeToSignIn(ctx, flow, { ...to, purpose: 'new device' })
}

async function sendCodeToSignIn(
  ctx: Context,
  flow: Flow,
  { via, address, identity, purpose }: Target & { identity: Identity; purpose: 'login' | 'new device' },
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const { code } = await issueCode(tx, flow.id, purpose, { identityId: identity.document.id, via, address })
    const data = {
      ...messageData(flow, address),
      login_code: code,
      ...(purpose === 'new device' && { new_device: 'true' as const }),
      identity: publicView(ctx, identity),
      expires_in_minutes: lifespanMinutes(ctx),
    }
    await queueMessage(tx, 'login_code_valid', data, messageOptions(flow, via))
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
    const data = {
      ...messageData(flow, address),
      registration_code: code,
      traits,
      expires_in_minutes: lifespanMinutes(ctx),
    }
    await queueMessage(tx, 'registration_code_valid', data, messageOptions(flow, via))
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
      ...messageData(flow, address),
      recovery_code: code,
      identity: publicView(ctx, identity),
      expires_in_minutes: lifespanMinutes(ctx),
    }
    await queueMessage(tx, 'recovery_code_valid', data, messageOptions(flow, via))
  })
}

export function lifespanMinutes(ctx: Context): number {
  return wholeMinutes(ctx.config.identity.selfservice.methods.code.config.lifespan)
}
