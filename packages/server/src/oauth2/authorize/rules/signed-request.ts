import { invalidRequest } from '../../errors.ts'
import { mustSign } from '../../jar/settings.ts'
import { type AuthorizationDraft, clientOf } from '../request.ts'

/** A client that must sign its requests comes with no others; a pushed request was held to that before. */
export function requireSignedRequest(draft: AuthorizationDraft): void {
  if (draft.isSigned || draft.isPushed || !mustSign(draft.ctx, clientOf(draft))) return
  throw invalidRequest('The client must send its authorization requests as a signed request object.')
}
