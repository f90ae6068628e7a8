import { findClient } from '../../clients/store.ts'
import { invalidClient } from '../../errors.ts'
import { type AuthorizationDraft, parameter } from '../request.ts'

/** The client exists (RFC 6749, section 4.1.1). */
export async function findRequestClient(draft: AuthorizationDraft): Promise<void> {
  draft.client = await findClient(draft.ctx, parameter(draft, 'client_id'))
  if (!draft.client) throw invalidClient('The client does not exist.')
}
