import { invalidState } from '../../errors.ts'
import { minEntropyLength } from '../../token/issue.ts'
import { type AuthorizationDraft, parameter } from '../request.ts'

/** The state cannot be guessed, as it protects the client from forged responses (RFC 6749, section 10.12). */
export function checkState(draft: AuthorizationDraft): void {
  if (parameter(draft, 'state').length < minEntropyLength)
    throw invalidState(`The state must have at least ${minEntropyLength} characters.`)
}
