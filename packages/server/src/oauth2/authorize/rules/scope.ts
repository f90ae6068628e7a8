import { withResources } from '../../resources.ts'
import { requestedAudience, requireAudience, requireScopes } from '../../scopes.ts'
import { type AuthorizationDraft, clientOf, parameter } from '../request.ts'

export function readScope(draft: AuthorizationDraft): void {
  draft.scopes = parameter(draft, 'scope').split(' ').filter(Boolean)
}

/** The client may ask for the scopes (RFC 6749, section 3.3). */
export function checkScope(draft: AuthorizationDraft): void {
  requireScopes(draft.ctx, clientOf(draft), draft.scopes)
}

/** The client may ask for the audiences, a parameter of Hydra. */
export function checkAudience(draft: AuthorizationDraft): void {
  draft.audience = requestedAudience(draft.parameters)
  requireAudience(clientOf(draft), draft.audience)
}

/** Resources are audiences that the client may ask for (RFC 8707, section 2.1). */
export function checkResources(draft: AuthorizationDraft): void {
  draft.audience = withResources(draft.ctx, clientOf(draft), draft)
}
