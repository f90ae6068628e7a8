import type { OAuth2ConsentRequest } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { denyConsent, describeConsent, grantConsent } from '../consent/accept.ts'
import { openChallenge } from '../flow/codec.ts'

/** A consent request, as the consent page of the same project sees it. */
export interface JoinedConsent {
  readonly request: OAuth2ConsentRequest
  /** Whether the person must be asked, even if the client may skip that: a device could be anybody's (RFC 8628, 5.4). */
  readonly isOfDevice: boolean
}

/** @throws 404 for a text that is no consent challenge of this project, 401 for one that has expired */
export function joinedConsent(ctx: Context, challenge: string): JoinedConsent {
  const flow = openChallenge(ctx, challenge, 'consent challenge')
  return { request: describeConsent(flow, challenge), isOfDevice: flow.device !== undefined }
}

/** Grants all that was asked for. Gives where the browser goes on. */
export function acceptJoinedConsent(
  ctx: Context,
  { challenge, requested_scope: scope = [], requested_access_token_audience: audience = [] }: OAuth2ConsentRequest,
  { claims, remember }: { claims: Record<string, unknown>; remember: boolean },
): string {
  return grantConsent(ctx, challenge, {
    grant_scope: scope,
    grant_access_token_audience: audience,
    remember,
    session: { id_token: claims },
  })
}

/** Where the browser goes on if the person does not agree. */
export function denyJoinedConsent(ctx: Context, challenge: string): string {
  return denyConsent(ctx, challenge, { error: 'access_denied', error_description: 'The person did not agree.' })
}
