/** What a person, or a client for itself, was granted. It goes with each token that it leads to. */
export interface Grant {
  /** The id of the consent, or of the request; all tokens with the same id are one family. */
  readonly requestId: string
  readonly clientId: string
  /** Of access tokens of a client with another generation, none is active. */
  readonly generation: number
  /** In milliseconds. */
  readonly issuedAt: number
  readonly requestedScope: readonly string[]
  readonly requestedAudience: readonly string[]
  readonly scope: readonly string[]
  readonly audience: readonly string[]
  /** The person, or the client. */
  readonly subject: string
  /** Additional claims of access tokens, from the consent or a hook. */
  readonly accessClaims?: Readonly<Record<string, unknown>>
  /** What access tokens, and the refresh tokens of public clients, are bound to. */
  readonly confirmation?: Confirmation
  /** Who acts for the subject, if the token was exchanged (RFC 8693). */
  readonly actor?: Actor
  /** What ID tokens say; missing if no person is concerned. */
  readonly person?: PersonClaims
}

export interface PersonClaims {
  /** The subject as the client knows it, which can be pairwise. */
  readonly subject: string
  readonly sessionId: string
  /** In seconds. */
  readonly authTime: number
  /** When the authorization was requested, in seconds. */
  readonly requestedAt: number
  readonly acr?: string
  /** Whether the request had acr_values: then the first ID token says 0 if the level is not known (section 2 there). */
  readonly wasAskedForAcr?: true
  readonly amr?: readonly string[]
  readonly nonce?: string
  /** Additional claims of ID tokens, from the consent or a hook. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** What the holder of a token must prove: the claim `cnf` (RFC 7800). */
export interface Confirmation {
  /** The thumbprint of a key (RFC 9449, section 6.1). */
  readonly jkt?: string
  /** The SHA-256 thumbprint of a certificate (RFC 8705, section 3.1). */
  readonly 'x5t#S256'?: string
}

/** Who acts for the subject: the claim `act`, in which those who acted before are nested (RFC 8693, section 4.1). */
export type Actor = {
  readonly sub: string
  readonly act?: Actor
}
