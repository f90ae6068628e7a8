import type { ApiError, ContinueWith } from '@latchkey/api'
import type { Identity } from '../identity/index.ts'
import type { Session } from '../session/index.ts'
import type { Flow, FlowOf } from './flow/flow.ts'

/** Where somebody is sent, and what goes with it. */
interface Diversion {
  location: string
  redirectStatus?: 302 | 303
  cookies?: readonly string[]
  /** The session that began, if one did. */
  session?: Session
}

/** What beginning or carrying on a flow leads to. `answer/` turns each into a reply to an app, a script or a browser. */
export interface Outcomes {
  /** A new flow. */
  begun: { flow: Flow; identity?: Identity }
  /** The form of a flow with its messages. */
  shown: {
    flow: Flow
    status: 200 | 400
    identity?: Identity
    redirectStatus?: 302 | 303
    /** Where a browser sees it, unless at the page of the flow. */
    location?: string
  }
  /** The browser goes on elsewhere; apps and scripts are told where to. */
  left: { location: string; cookies: readonly string[] }
  /** A new flow in the place of one that is of no more use; apps and scripts get the error. */
  replaced: { fresh: Flow; error: ApiError }
  /** Apps and scripts get the error, a browser is sent elsewhere. */
  refused: Diversion & { error: ApiError }
  /** Whoever asks is sent elsewhere. */
  redirected: Diversion
  signedIn: SignedIn
  registered: RegisteredIdentity
  settingsChanged: SettingsChanged
  /** The change waits for the verification of an address, which has begun. */
  changeDeferred: SettingsChanged
  recovered: RecoveredAccount
}

export type Outcome = { [Type in keyof Outcomes]: { type: Type } & Outcomes[Type] }[keyof Outcomes]

/** What beginning a flow leads to. */
export type BeginOutcome = Extract<Outcome, { type: 'begun' | 'refused' | 'redirected' }>

/** A session that a sign-in began or strengthened. */
export interface SignedIn {
  flow: FlowOf<'login'>
  session: Session
  /** The devices that the answer tells of. */
  devices: Session['devices']
  token: string
  identity: Identity
  continueWith: ContinueWith[]
  /** Beside that of the session. */
  cookies: readonly string[]
  /** Where a browser goes on. */
  location: string
  /** Where the second factor is asked for, if the session is not strong enough without one. */
  secondFactorUrl?: string
  /** Where the OAuth 2.0 authorization goes on that the flow was for. */
  authorizationUrl?: string
  /** Where a browser that carried on an app's flow goes back to the app. */
  exchangeUrl?: string
}

export interface RegisteredIdentity {
  flow: FlowOf<'registration'>
  identity: Identity
  /** Absent where signing up begins no session. */
  issued?: { session: Session; token: string }
  /** Beside that of the session. */
  cookies: readonly string[]
  continueWith: ContinueWith[]
  /** Where the configuration, or who asked, wants a browser to go on. */
  location: string
  /** The page of the verification that has begun, which a browser sees first. */
  verificationUrl?: string
  /** Where the OAuth 2.0 authorization goes on that the flow was for, after the verification. */
  authorizationUrl?: string
  exchangeUrl?: string
}

export interface SettingsChanged {
  flow: FlowOf<'settings'>
  identity: Identity
  continueWith: ContinueWith[]
  location: string
  cookies: readonly string[]
}

export interface RecoveredAccount {
  flow: FlowOf<'recovery'>
  session: Session
  token: string
  /** The settings flow in which a new password can be set. */
  settings: Flow
}
