import { invalidRequest, invalidRequestUri } from '../../errors.ts'
import { mustPush, requestUriPrefix } from '../../par/settings.ts'
import { claimPushedRequest, findClaimedRequest } from '../../par/store.ts'
import { hashOfToken, openWithToken } from '../../token/opaque.ts'
import { type AuthorizationDraft, clientOf, parameter, verifiersOf } from '../request.ts'

/**
 * The parameters are those that the client pushed, and no others (RFC 9126, section 4). The reference works once: later
 * only the flow that began with it comes back to them.
 */
export async function readPushedRequest(draft: AuthorizationDraft): Promise<void> {
  const { ctx } = draft
  const { oauth2, ttl } = ctx.config.oauth2
  const address = parameter(draft, 'request_uri')
  if (!oauth2.pushed_requests.enabled || !address.startsWith(requestUriPrefix)) return
  const token = address.slice(requestUriPrefix.length)
  const hash = hashOfToken(token)
  if (hash === undefined) throw unknownRequest()
  const key = { hash, clientId: parameter(draft, 'client_id') }
  const verifiers = verifiersOf(draft)
  const sealed =
    verifiers.length > 0
      ? await findClaimedRequest(ctx, key)
      : await claimPushedRequest(ctx, key, ctx.clock.now() + ttl.login_consent_request)
  if (sealed === undefined) throw unknownRequest()
  draft.parameters = new URLSearchParams([...new URLSearchParams(openWithToken<string>(token, sealed)), ...verifiers])
  draft.requestHash = hash
  draft.isPushed = true
}

function unknownRequest() {
  return invalidRequestUri('The request_uri is not known, has expired, was used before, or is of another client.')
}

/** A client that must push its requests comes with no others (RFC 9126, section 6). */
export function requirePushedRequest(draft: AuthorizationDraft): void {
  if (!draft.isPushed && mustPush(draft.ctx, clientOf(draft)))
    throw invalidRequest('The client must push its authorization requests, and come with their request_uri.')
}
