import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type Call, type Reply, redirect } from '../../kernel/http/index.ts'
import { countRequest, networkCounters } from '../../limit/index.ts'
import { nameJoinedDevice, requireDeviceChallenge } from '../../oauth2/index.ts'
import { readForm } from '../form.ts'
import { showPage } from '../show.ts'

/** Longer texts are no user codes. */
const longestCode = 64

/** Asks for the code that a device shows (`/ui/device?device_challenge=`, RFC 8628, section 3.3). */
export function userCodePage(ctx: Context, call: Call): Reply {
  const challenge = call.search.get('device_challenge') ?? ''
  requireDeviceChallenge(ctx, challenge)
  return showForm(ctx, call, { challenge, userCode: call.search.get('user_code') ?? undefined })
}

/** Goes on with the device that the code names. Guesses are limited by network (section 5.1 there). */
export async function enterUserCode(ctx: Context, call: Call): Promise<Reply> {
  const form = readForm(call)
  const challenge = form.get('device_challenge') ?? ''
  const userCode = asMade(ctx, (form.get('user_code') ?? '').trim())
  requireDeviceChallenge(ctx, challenge)
  await limitGuesses(ctx, call)
  const next = userCode.length > longestCode ? undefined : await nameJoinedDevice(ctx, challenge, userCode)
  return next === undefined ? showForm(ctx, call, { challenge, userCode, isWrong: true }) : redirect(next, 303)
}

/** What a device flow ends with. */
export function deviceDonePage(ctx: Context, call: Call): Reply {
  return showPage(ctx, call, { kind: 'user-code', state: 'done' })
}

/** Codes without small letters may be entered with them. */
function asMade({ config }: Context, code: string): string {
  const { character_set: characters } = config.oauth2.oauth2.device_authorization.user_code
  return /[a-z]/.test(characters) ? code : code.toUpperCase()
}

async function limitGuesses(ctx: Context, call: Call): Promise<void> {
  const { enabled, window, per_address: limit } = ctx.config.identity.security.attempts
  if (!enabled) return
  const { seconds } = await countRequest(ctx, networkCounters(ctx, call, 'user code', limit), window)
  if (seconds > 0) throw ApiError.tooManyRequests(seconds)
}

function showForm(
  ctx: Context,
  call: Call,
  form: { challenge: string; userCode: string | undefined; isWrong?: boolean },
): Reply {
  const { challenge, userCode = '', isWrong = false } = form
  const page = { kind: 'user-code', state: 'enter', action: call.path } as const
  const shown = userCode.slice(0, longestCode)
  return showPage(ctx, call, { ...page, challenge, userCode: shown, isWrong }, { status: isWrong ? 400 : 200 })
}
