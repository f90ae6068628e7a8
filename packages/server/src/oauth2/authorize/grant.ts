import type { Context } from '../../kernel/context.ts'
import type { Client } from '../clients/client.ts'
import type { Flow } from '../flow/flow.ts'
import { subjectFor } from '../sessions/subject.ts'
import { seconds } from '../token/claims.ts'
import type { Grant, PersonClaims } from '../token/grant.ts'

/** What the person granted. Scopes and audiences that nobody asked for are left out. */
export function grantOf(
  { ctx, client, parameters }: { ctx: Context; client: Client; parameters: URLSearchParams },
  flow: Flow,
): Grant {
  const { login, consent } = flow
  const among = (asked: readonly string[], granted: readonly string[] = []) =>
    granted.filter((one) => asked.includes(one))
  const nonce = parameters.get('nonce') ?? ''
  const person: PersonClaims = {
    subject: subjectFor(ctx, client, login.subject, login.forcedSubject),
    sessionId: login.sessionId,
    authTime: seconds(login.authenticatedAt),
    requestedAt: seconds(flow.requestedAt),
    ...(login.acr && { acr: login.acr }),
    ...(parameters.get('acr_values') && { wasAskedForAcr: true as const }),
    ...(login.amr?.length && { amr: login.amr }),
    ...(nonce && { nonce }),
    ...(consent?.idTokenClaims && { claims: consent.idTokenClaims }),
  }
  return {
    requestId: consent?.id ?? flow.id,
    clientId: client.id,
    generation: client.tokenGeneration,
    issuedAt: ctx.clock.now(),
    requestedScope: flow.requestedScope,
    requestedAudience: flow.requestedAudience,
    scope: among(flow.requestedScope, consent?.grantedScope),
    audience: among(flow.requestedAudience, consent?.grantedAudience),
    subject: login.subject,
    ...(consent?.accessTokenClaims && { accessClaims: consent.accessTokenClaims }),
    person,
  }
}
