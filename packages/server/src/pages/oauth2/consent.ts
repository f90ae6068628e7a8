import { ApiError } from '@latchkey/api'
import { type Identity, publicView } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { type Call, type Reply, redirect } from '../../kernel/http/index.ts'
import { acceptJoinedConsent, denyJoinedConsent, type JoinedConsent, joinedConsent } from '../../oauth2/index.ts'
import { refuseActing, requireAssuredSession } from '../../session/index.ts'
import { readForm } from '../form.ts'
import { showPage } from '../show.ts'
import { claimsOf } from './claims.ts'
import { pageClient } from './client.ts'

/**
 * Asks the person whether an application may have what it asked for (`/ui/consent?consent_challenge=`). What the person
 * has granted before, or what the project grants to its own applications (`skip_consent`), is accepted at once, but never
 * for a device, which could be anybody's.
 */
export async function consentPage(ctx: Context, call: Call): Promise<Reply> {
  const asked = joinedConsent(ctx, call.search.get('consent_challenge') ?? '')
  const identity = await requirePerson(ctx, call, asked)
  const { request, isOfDevice } = asked
  if (!isOfDevice && (request.skip || request.client?.skip_consent)) return accept(ctx, asked, { identity })
  return showPage(
    ctx,
    call,
    {
      kind: 'consent',
      challenge: request.challenge,
      client: pageClient(request.client, request.request_url),
      scopes: request.requested_scope ?? [],
      identity: publicView(ctx, identity),
      isOfDevice,
      action: call.path,
    },
    { clientUris: request.client?.redirect_uris ?? [] },
  )
}

/** What the person has decided. */
export async function decideConsent(ctx: Context, call: Call): Promise<Reply> {
  const form = readForm(call)
  const asked = joinedConsent(ctx, form.get('consent_challenge') ?? '')
  const identity = await requirePerson(ctx, call, asked)
  if (form.get('decision') === 'deny') return redirect(denyJoinedConsent(ctx, asked.request.challenge), 303)
  if (form.get('decision') !== 'accept') throw ApiError.badRequest({ reason: 'The decision must be accept or deny.' })
  return accept(ctx, asked, { identity, remember: form.get('remember') === 'true' && !asked.isOfDevice })
}

function accept(
  ctx: Context,
  { request }: JoinedConsent,
  { identity, remember = false }: { identity: Identity; remember?: boolean },
): Reply {
  const claims = claimsOf(identity, request.requested_scope ?? [])
  return redirect(acceptJoinedConsent(ctx, request, { claims, remember }), 303)
}

/**
 * The person whom the request is for, who is signed in in this browser.
 * @throws 403 for anybody else, and in a session in which an administrator acts
 */
async function requirePerson(ctx: Context, call: Call, { request }: JoinedConsent): Promise<Identity> {
  const { session, identity } = await requireAssuredSession(ctx, call).catch((error: unknown) => {
    throw error instanceof ApiError && error.httpStatus < 500 ? otherPerson() : error
  })
  if (session.identityId !== request.subject) throw otherPerson()
  refuseActing(session)
  return identity
}

function otherPerson(): ApiError {
  return ApiError.forbidden({
    id: 'security_identity_mismatch',
    reason: 'The person whom this request is for is not signed in in this browser.',
  })
}
