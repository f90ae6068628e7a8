import { ApiError, type Session as ApiSession } from '@latchkey/api'
import { identityIdIn, publicText } from '../identity/index.ts'
import { timestamp } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import type { Call } from '../kernel/http/index.ts'
import { asJsonText, type JsonText } from '../kernel/json-text.ts'
import { tokenHash } from '../kernel/keys.ts'
import { highestAal } from './available-aal.ts'
import { usableUntil } from './device-bound/usable-until.ts'
import { unauthenticatedError } from './resolve.ts'
import { findInForce, type SessionInForce } from './store.ts'
import { tokenizeSession } from './tokenizer/tokenize.ts'

/**
 * The first active session of the session secrets that the request may use, and until when. Throws 401 if there is none
 * and 403 if a second factor is required.
 */
export async function whoami(
  ctx: Context,
  call: Pick<Call, 'cookies'>,
  tokens: readonly string[],
  { tokenizeAs }: { tokenizeAs?: string },
): Promise<{ identityId: string; text: JsonText<ApiSession>; usableUntil: number }> {
  let row: SessionInForce | undefined
  let until: number | undefined
  for (const token of tokens) {
    row = await findInForce(ctx, tokenHash(token))
    until = row && usableUntil(ctx, call, row)
    if (until !== undefined) break
  }
  if (!row || until === undefined) throw unauthenticatedError()
  const { second_factors: secondFactors } = row
  requireWhoamiAal(ctx, row, () => secondFactors.split(' '))
  const text = sessionText(ctx, row)
  return {
    identityId: identityIdIn(row.document),
    usableUntil: until,
    text: tokenizeAs ? await withToken(ctx, text.toString(), tokenizeAs) : text,
  }
}

async function withToken(ctx: Context, session: string, template: string): Promise<JsonText<ApiSession>> {
  const token = await tokenizeSession(ctx, template, session)
  return asJsonText(`${session.slice(0, -1)},"tokenized":"${token}"}`)
}

/** The same JSON as `sessionView`, but stored JSON is embedded without parsing it. */
export function sessionText(ctx: Context, row: SessionInForce): JsonText<ApiSession> {
  const { id, aal, authenticated_at, issued_at, expires_at, methods, devices, act } = row
  return asJsonText(
    `{"id":"${id}","active":true,"expires_at":"${timestamp(expires_at)}",` +
      `"authenticated_at":"${timestamp(authenticated_at)}","authenticator_assurance_level":"${aal}",` +
      `"authentication_methods":${methods},"issued_at":"${timestamp(issued_at)}","devices":${devices},` +
      (act === null ? '' : `"act":${act},`) +
      `"identity":${publicText(ctx, row.document, row.schema_id)}}`,
  )
}

/** The only place that decides whether a session satisfies the assurance level required by whoami. */
export function lacksSecondFactor(
  ctx: Context,
  session: { aal: string },
  secondFactors: () => readonly string[],
): boolean {
  if (ctx.config.identity.session.whoami.required_aal === 'aal1' || session.aal !== 'aal1') return false
  return highestAal(ctx, secondFactors()) === 'aal2'
}

/** Throws 403 if whoami requires a second factor that the person has set up but not completed. */
export function requireWhoamiAal(ctx: Context, session: { aal: string }, secondFactors: () => readonly string[]): void {
  if (lacksSecondFactor(ctx, session, secondFactors)) throw aal2Required(ctx)
}

/** The 403 that redirects to the second factor. */
export function aal2Required(ctx: Context, returnTo?: string): ApiError {
  return ApiError.sessionAal2Required(secondFactorUrl(ctx, returnTo))
}

/**
 * The URL at which a browser is asked for the second factor before it returns to `returnTo`, or goes on with the OAuth 2.0
 * login request of a challenge.
 */
export function secondFactorUrl(ctx: Context, returnTo?: string, loginChallenge?: string): string {
  const url = new URL('self-service/login/browser', ctx.config.identity.serve.public.base_url)
  url.searchParams.set('aal', 'aal2')
  if (returnTo) url.searchParams.set('return_to', returnTo)
  if (loginChallenge !== undefined) url.searchParams.set('login_challenge', loginChallenge)
  return url.toString()
}
