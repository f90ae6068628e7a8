import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import type { Client } from '../clients/client.ts'
import { invalidClient } from '../errors.ts'

export type ResponseMode = 'query' | 'fragment' | 'form_post'

/**
 * An authorization request while its rules are applied (RFC 6749, section 4.1.1). What a rule has not found yet is
 * empty; once the redirect URI is known, errors go to the client.
 */
export interface AuthorizationDraft {
  readonly ctx: Context
  readonly call: Call
  /** Of the query and the form; those of a request object are added. */
  parameters: URLSearchParams
  client: Client | undefined
  redirectUri: string | undefined
  /** Undefined until it is known; errors are then in the query. */
  responseMode: ResponseMode | undefined
  responseTypes: readonly string[]
  scopes: readonly string[]
  audience: readonly string[]
  /** Set-Cookie header values of the response, also if it is an error. */
  readonly cookies: string[]
}

/** A request that all rules have accepted. */
export interface AuthorizationRequest extends AuthorizationDraft {
  readonly client: Client
  readonly redirectUri: string
  readonly responseMode: ResponseMode
}

export function newDraft(ctx: Context, call: Call, parameters: URLSearchParams): AuthorizationDraft {
  return {
    ctx,
    call,
    parameters,
    client: undefined,
    redirectUri: undefined,
    responseMode: undefined,
    responseTypes: [],
    scopes: [],
    audience: [],
    cookies: [],
  }
}

export function parameter({ parameters }: Pick<AuthorizationDraft, 'parameters'>, name: string): string {
  return parameters.get(name) ?? ''
}

/** The words of `prompt` (OpenID Connect Core 1.0, section 3.1.2.1). */
export function promptsOf(draft: Pick<AuthorizationDraft, 'parameters'>): string[] {
  return parameter(draft, 'prompt').split(' ').filter(Boolean)
}

export function clientOf({ client }: AuthorizationDraft): Client {
  if (!client) throw invalidClient('The client does not exist.')
  return client
}
