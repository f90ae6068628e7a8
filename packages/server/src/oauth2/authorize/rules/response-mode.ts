import { unsupportedResponseMode } from '../../errors.ts'
import { type AuthorizationDraft, parameter, type ResponseMode } from '../request.ts'
import { signedMode } from '../signed-response.ts'

const modes: readonly ResponseMode[] = ['query', 'fragment', 'form_post']

/** The response mode is known (OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1, Form Post, and JARM). */
export function readResponseMode(draft: AuthorizationDraft): void {
  const given = parameter(draft, 'response_mode')
  if (given === '') return
  const signed = signedMode(draft.ctx, given)
  draft.signsResponse = signed !== undefined
  if (signed) {
    draft.responseMode = signed.sentAs
    return
  }
  draft.responseMode = modes.find((mode) => mode === given)
  if (!draft.responseMode) throw unsupportedResponseMode('The response_mode must be query, fragment or form_post.')
}

/** Responses with tokens are in the fragment, so that no server sees them (section 5). */
export function setDefaultResponseMode(draft: AuthorizationDraft): void {
  draft.responseMode ??= isCodeOnly(draft) ? 'query' : 'fragment'
}

export function isCodeOnly({ responseTypes }: Pick<AuthorizationDraft, 'responseTypes'>): boolean {
  return responseTypes.length === 1 && responseTypes[0] === 'code'
}
