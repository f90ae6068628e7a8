import type { AuthorizationDraft } from '../request.ts'
import { findRequestClient } from './client.ts'
import { checkDpop } from './dpop.ts'
import { readPushedRequest, requirePushedRequest } from './pushed-request.ts'
import { checkRedirectUri } from './redirect-uri.ts'
import { readRequestObject } from './request-object.ts'
import { readResponseMode, setDefaultResponseMode } from './response-mode.ts'
import { checkResponseType, refuseRegistration } from './response-type.ts'
import { checkAudience, checkResources, checkScope, readScope } from './scope.ts'
import { requireSignedRequest } from './signed-request.ts'
import { checkState } from './state.ts'

/** A rule reads or checks part of an authorization request; it throws an error of the protocol. */
export interface Rule {
  /** What holds afterwards, for the documentation. */
  readonly says: string
  readonly apply: (draft: AuthorizationDraft) => void | Promise<void>
}

/** The rules of a request, wherever it comes from, in order. */
const requestRules: readonly Rule[] = [
  { says: 'The client exists.', apply: findRequestClient },
  {
    says: 'A request object is signed by the client; its parameters replace those of the query, which count no more.',
    apply: readRequestObject,
  },
  {
    says: 'The response_mode is query, fragment or form_post, or one of them with a signed response.',
    apply: readResponseMode,
  },
  { says: 'The scope is a list of words.', apply: readScope },
  { says: 'The redirect_uri is registered, or the only one.', apply: checkRedirectUri },
  { says: 'The client may request the scopes.', apply: checkScope },
  { says: 'The client may request the audiences.', apply: checkAudience },
  { says: 'The client may request the resources, which become audiences.', apply: checkResources },
  { says: 'The client does not try to register itself.', apply: refuseRegistration },
  { says: 'The client may request the response_type.', apply: checkResponseType },
  {
    says: 'Without a response_mode, codes are in the query and tokens in the fragment.',
    apply: setDefaultResponseMode,
  },
  { says: 'The dpop_jkt is a thumbprint; tokens that must be bound are not from here.', apply: checkDpop },
  { says: 'The state has at least eight characters.', apply: checkState },
]

const signed: Rule = { says: 'A client that must sign its requests has done so.', apply: requireSignedRequest }

/** The rules of a request that a client pushes, in order. */
export const pushRules: readonly Rule[] = [...requestRules, signed]

/**
 * The rules of the authorization endpoint, in order. Errors before the redirect URI is known are shown to the person,
 * later ones go to the client.
 */
export const rules: readonly Rule[] = [
  { says: 'The parameters of a pushed request replace all others; it is used once.', apply: readPushedRequest },
  ...requestRules,
  { says: 'A client that must push its requests has done so.', apply: requirePushedRequest },
  signed,
]
