import { ApiError, type OAuth2Client } from '@latchkey/api'
import { accessDenied, invalidRequest } from '../errors.ts'

/** How far a flow is. A verifier is only good if its flow was accepted or rejected. */
export type FlowState =
  | 'login'
  | 'login_accepted'
  | 'login_rejected'
  | 'consent'
  | 'consent_accepted'
  | 'consent_rejected'
  | 'device'
  | 'device_accepted'

/** Parameters of OpenID Connect that the login and consent pages are told. */
export interface OidcContext {
  readonly acr_values?: string[]
  readonly display?: string
  readonly id_token_hint_claims?: Record<string, unknown>
  readonly login_hint?: string
  readonly ui_locales?: string[]
}

/** What a request demands of the authentication (OpenID Connect Core 1.0, section 3.1.2.1). */
export interface LoginDemands {
  readonly prompt?: readonly string[]
  /** In seconds. */
  readonly maxAge?: number
}

/** Why a page rejected a request: an error that the client is told. */
export interface Rejection {
  readonly error: string
  readonly error_description: string
  readonly error_hint: string
  readonly status_code: number
}

/**
 * An authorization request on its way through login and consent. It is not stored: challenges and verifiers are the
 * flow, encrypted and authenticated.
 */
export interface Flow {
  readonly id: string
  readonly state: FlowState
  readonly clientId: string
  /** The client as it was when the request was made, for the pages. */
  readonly client: OAuth2Client
  readonly requestUrl: string
  /** Of the pushed request or the request object with which the flow began; it goes on with no other parameters. */
  readonly requestHash?: string
  /** In milliseconds. */
  readonly requestedAt: number
  readonly requestedScope: readonly string[]
  readonly requestedAudience: readonly string[]
  readonly oidcContext: OidcContext
  /** What the request demands of the authentication; missing if nothing. */
  readonly demands?: LoginDemands
  readonly login: LoginPart
  readonly consent?: ConsentPart
  readonly device?: DevicePart
}

export interface LoginPart {
  /** Whether the person has a session, so that the login page need not ask. */
  readonly skip: boolean
  readonly sessionId: string
  readonly csrf: string
  readonly subject: string
  /** In milliseconds; 0 before the login. */
  readonly authenticatedAt: number
  readonly remember?: boolean
  /** In seconds; 0 means the lifespan that the server is configured with. */
  readonly rememberFor?: number
  readonly extendSession?: boolean
  readonly acr?: string
  readonly amr?: readonly string[]
  readonly context?: unknown
  readonly forcedSubject?: string
  readonly identityProviderSessionId?: string
  readonly rejection?: Rejection
}

export interface ConsentPart {
  readonly id: string
  readonly skip: boolean
  readonly csrf: string
  readonly grantedScope?: readonly string[]
  readonly grantedAudience?: readonly string[]
  readonly remember?: boolean
  readonly rememberFor?: number
  /** In milliseconds. */
  readonly handledAt?: number
  readonly accessTokenClaims?: Record<string, unknown>
  readonly idTokenClaims?: Record<string, unknown>
  readonly rejection?: Rejection
}

export interface DevicePart {
  /** A device challenge leads to one consent at most. */
  readonly id: string
  readonly csrf: string
  /** The id of the device authorization request that the person has named with the user code. */
  readonly requestId?: string
}

/** The error that a rejection becomes. Hydra's default name is a sentence. */
export function rejectionError({ error, error_description, error_hint, status_code }: Rejection): ApiError {
  const reason = [error_description, error_hint].filter(Boolean).join(' ')
  const code = status_code === 401 || status_code === 403 || status_code === 404 ? status_code : 400
  return new ApiError(code, { id: error, reason, message: reason })
}

/** @throws 400 if the flow is in another state */
export function requireState(flow: Flow, ...states: readonly FlowState[]): void {
  if (!states.includes(flow.state)) throw invalidRequest('The request is not in a state in which this is possible.')
}

/** @throws 403 access_denied if the parameters are from another pushed request or request object than at the start */
export function requireSameRequest(flow: Flow, { requestHash }: { requestHash?: string }): void {
  if (flow.requestHash !== requestHash) throw accessDenied('The flow began with another authorization request.')
}
