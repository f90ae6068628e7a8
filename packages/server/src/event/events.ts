interface Identity {
  readonly IdentityID: string
}

interface Session extends Identity {
  readonly SessionID: string
}

interface Merge extends Identity {
  readonly MergedIdentityID: string
  readonly MergeID: string
}

interface Flow {
  readonly FlowID: string
  readonly SelfServiceFlowType: 'api' | 'browser'
  readonly SelfServiceMethodUsed: string
}

interface FlowSucceeded extends Flow, Identity {}

interface FlowFailed extends Flow, Partial<Identity> {
  /** The ids of the messages shown to the person, or the id of the error. */
  readonly ErrorReason: string
}

interface Login {
  readonly LoginRequestedAAL: string
  readonly LoginRequestedPrivilegedSession: boolean
}

interface Provider {
  readonly SelfServiceSSOProviderUsed?: string
}

interface CourierMessage {
  readonly CourierMessageID: string
  readonly CourierMessageChannel: string
  readonly CourierMessageTemplateType: string
}

interface TrustedIssuer {
  readonly OAuth2TrustedIssuerID: string
}

/** Every recorded event with its attributes. Names and attributes match Ory's event streams. */
export interface Events {
  IdentityCreated: Identity
  IdentityUpdated: Identity
  IdentityDeleted: Identity
  /** Latchkey's own: another identity was merged into this one, or that was undone. */
  IdentityMerged: Merge
  IdentityMergeUndone: Merge

  SessionIssued: Session & { readonly SessionAAL: string }
  SessionChanged: Session & { readonly SessionAAL: string }
  SessionLifespanExtended: Session & { readonly SessionExpiresAt: string }
  SessionRevoked: Session
  /** Latchkey's own: a browser bound the session to its device. */
  SessionBound: Session
  /** Latchkey's own: an administrator acts as the identity. */
  IdentityImpersonated: Session & { readonly ImpersonationActor: string; readonly ImpersonationReason: string }

  LoginSucceeded: FlowSucceeded & Login & Provider & { readonly SessionID: string }
  LoginFailed: FlowFailed & Login
  RegistrationSucceeded: FlowSucceeded & Provider
  RegistrationFailed: FlowFailed
  SettingsSucceeded: FlowSucceeded
  SettingsFailed: FlowFailed
  RecoverySucceeded: FlowSucceeded
  RecoveryFailed: FlowFailed
  RecoveryInitiatedByAdmin: FlowSucceeded
  VerificationSucceeded: FlowSucceeded
  VerificationFailed: FlowFailed

  CourierMessageDispatched: CourierMessage
  CourierMessageAbandoned: CourierMessage

  RelationtuplesCreated: Record<never, never>
  RelationtuplesDeleted: Record<never, never>
  RelationtuplesChanged: Record<never, never>

  /** Latchkey's own: keys of a set were generated, imported, replaced or deleted. */
  JsonWebKeySetChanged: { readonly JsonWebKeySet: string }
  /** Latchkey's own: assertions of an issuer are accepted as grants, or no longer. */
  OAuth2IssuerTrusted: TrustedIssuer
  OAuth2IssuerTrustRevoked: TrustedIssuer
}

export type EventName = keyof Events
