import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import type { Client } from '../clients/client.ts'
import { invalidClient } from '../errors.ts'
import { decodeForm, formOf } from '../form.ts'

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
  /** Whether the response is a signed token (JARM). */
  signsResponse?: boolean
  /** The hash of the pushed request or of the request object that the parameters are from; a flow goes on with the same one only. */
  requestHash?: string
  /** Whether the client has pushed the request (RFC 9126). */
  isPushed?: boolean
  /** Whether the parameters are those of a signed request object (RFC 9101). */
  isSigned?: boolean
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

/** The parameters as they were sent: those of the form, then those of the query. */
export function sentParameters(call: Call): URLSearchParams {
  const query = decodeForm(call.target.split('?', 2)[1] ?? '')
  return call.method === 'POST' ? new URLSearchParams([...formOf(call), ...query]) : query
}

/** With which a flow that has begun goes on. */
export function verifiersOf({ parameters }: Pick<AuthorizationDraft, 'parameters'>): [name: string, value: string][] {
  return ['login_verifier', 'consent_verifier'].flatMap((name): [string, string][] => {
    const value = (parameters.get(name) ?? '').trim()
    return value === '' ? [] : [[name, value]]
  })
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
