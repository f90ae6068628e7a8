import type { Tree } from '../../../../kernel/config/walk.ts'
import type { Context } from '../../../../kernel/context.ts'
import type { ProviderConfig } from '../config.ts'
import type { Claims } from './claims.ts'

/** On whose behalf a provider is spoken to. */
export interface ProviderCall {
  readonly ctx: Context
  readonly config: ProviderConfig
  /** Where the provider sends the browser back. */
  readonly redirectUri: string
}

/** A sign-in that begins at a provider. */
export interface Authorization {
  readonly state: string
  /** Whether the person has to sign in again there. */
  readonly isForced: boolean
  /** Parameters that the form asked for; only harmless ones. */
  readonly parameters: Readonly<Record<string, string>>
}

/** What is kept, encrypted, until the browser comes back. */
export interface KeptSecrets {
  /** The code verifier of PKCE (RFC 7636). */
  readonly verifier?: string
  /** The nonce that the ID token has to contain. */
  readonly nonce?: string
  /** The request token of OAuth 1.0a, and its secret. */
  readonly requestToken?: string
  readonly requestTokenSecret?: string
}

/** The tokens of a provider, as the credential keeps them. */
export interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
  readonly idToken: string
  /** The whole token response. */
  readonly response: Readonly<Record<string, unknown>>
}

/** How strongly a provider says, in the ID token, that the person was authenticated. */
export interface UpstreamAssurance {
  readonly acr?: string
  readonly amr?: readonly string[]
}

/** A person that a provider vouches for. */
export interface Vouched {
  readonly claims: Claims
  readonly tokens?: Tokens
  readonly assurance?: UpstreamAssurance
  /** The claims of the ID token and the userinfo response as they are. */
  readonly said?: { readonly idToken?: Tree; readonly userinfo?: Tree }
}

/** The way in which one provider is spoken to. */
export interface Provider {
  /** Whether `pkce: auto` means the same as `force`, because the provider supports PKCE without saying so. */
  readonly forcesPkce?: true
  /** Why a configuration cannot be used; undefined if it can. */
  check?(config: ProviderConfig): string | undefined
  /** The URL at which the browser goes on, and what is kept until it comes back. */
  begin(at: ProviderCall, authorization: Authorization): Promise<{ url: string; kept: KeptSecrets }>
  /** Redeems what the provider sent the browser back with. */
  complete(at: ProviderCall, returned: URLSearchParams, kept: KeptSecrets): Promise<Vouched>
  /** Verifies an ID token that an app got from the provider itself; absent if there are none. */
  verifyIdToken?(at: ProviderCall, token: string): Promise<Vouched>
  /** Verifies a token that a browser got from the provider (FedCM); unless given, ID tokens are verified. */
  verifyBrowserToken?(at: ProviderCall, token: string): Promise<Vouched>
  /** The issuer of its tokens; undefined if they are opaque. */
  issuerOf?(config: ProviderConfig): string | undefined
  /** Whether an ID token without a nonce is accepted from an app that sent none. */
  mayLackNonce?(claims: Claims): boolean
}
