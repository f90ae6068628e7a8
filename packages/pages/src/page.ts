import type { FlowName } from '@latchkey/api'
import type { Flow, FlowIdentity } from './flow/flow.ts'
import type { Language } from './language.ts'
import type { Theme } from './theme.ts'

/** The content of a page: data in the format of the API. */
export type Page =
  | FlowPage
  | { kind: 'error'; error: PageError }
  | LogoutConfirmPage
  | { kind: 'logout'; state: 'done' }
  | ConsentPage
  | UserCodePage
  | { kind: 'passkey-upgrade'; flow: Flow; next: string }
  | { kind: 'link'; purpose: 'recovery' | 'verification'; action: string }
  | SessionsPage
  | WelcomePage
  | { kind: 'mailbox'; messages: Mail[]; url: string }
  | { kind: 'mail'; message: Mail; mailboxUrl: string }

export interface LogoutConfirmPage {
  kind: 'logout'
  state: 'confirm'
  action: string
  returnTo?: string
  identity?: FlowIdentity
  /** An application that the person signs out of, and the challenge that the form sends back. */
  asked?: { challenge: string; client?: PageClient }
}

/** Asks for the consent to an OAuth 2.0 authorization. The form sends `consent_challenge`, `decision` and `remember`. */
export interface ConsentPage {
  kind: 'consent'
  challenge: string
  client: PageClient
  scopes: readonly string[]
  identity: FlowIdentity
  /** Whether a device gets the tokens, which the person has to recognize. */
  isOfDevice: boolean
  action: string
}

/** An OAuth 2.0 client as pages show it. */
export interface PageClient {
  name: string
  logoUrl?: string
  policyUrl?: string
  termsUrl?: string
  /** Where the person returns to. */
  host?: string
}

/** The page for the code that a device shows (RFC 8628). The form sends `device_challenge` and `user_code`. */
export type UserCodePage =
  | {
      kind: 'user-code'
      state: 'enter'
      challenge: string
      userCode?: string
      /** Whether the code that was sent is not known. */
      isWrong?: boolean
      action: string
    }
  | { kind: 'user-code'; state: 'done' }

export interface FlowPage {
  kind: FlowKind
  flow: Flow
  /** Whether this flow replaces one that had expired or belonged to another browser. */
  restarted?: boolean
}

export type FlowKind = FlowName

/** The response of `GET /self-service/errors`; `error` is Ory's generic error. */
export interface PageError {
  id?: string
  error?: { id?: string; code?: number; status?: string; message?: string; reason?: string }
}

export interface SessionsPage {
  kind: 'sessions'
  /** The session of the request, with its identity. */
  session: Session
  /** The other sessions of this identity, newest first. */
  sessions: Session[]
  /** The URL that the forms are posted to: `session` is the id of the session to end; `all=true` ends all others. */
  action: string
  /** The result of the last submission. */
  ended?: 'one' | 'all'
}

export interface Session {
  id: string
  authenticated_at?: string
  expires_at?: string
  authenticator_assurance_level?: string
  identity?: FlowIdentity
  devices?: { id: string; ip_address?: string; location?: string; user_agent?: string }[]
}

/** The root page of development mode. */
export interface WelcomePage {
  kind: 'welcome'
  /** The origin of the service without a trailing slash, for the example `curl` command. */
  origin: string
  mailboxUrl: string
  openapiUrl: string
  /** An admin token to show, or the command that creates one. */
  token: { value: string } | { command: string }
}

/** A message that was caught in development mode: the courier message with its HTML body. */
export interface Mail {
  id: string
  recipient: string
  subject: string
  /** The plain text body. */
  body: string
  html?: string
  /** ISO 8601. */
  created_at: string
  type?: string
  /** The URL of the page for this message. */
  url: string
}

/** The settings that a page is rendered with. */
export interface View {
  language: Language
  project: { name: string; logoUrl?: string; logoDarkUrl?: string }
  theme?: Theme
  links: Links
  /** The path that the assets are served under, without a trailing slash: `/ui`. */
  basePath: string
  /** Who acts in the session of this browser, if it is not its owner. */
  acting?: { by: string }
  /** Whether the user is signed in, if the page depends on it. */
  signedIn?: boolean
  /** The CSRF token, sent as `csrf_token` by forms that do not belong to a flow. */
  csrf?: string
}

/** URLs that pages link to. An undefined link is not shown, such as `registration` if sign-up is disabled. */
export interface Links {
  login?: string
  registration?: string
  recovery?: string
  verification?: string
  settings?: string
  sessions?: string
  logout?: string
  privacy?: string
  terms?: string
  contact?: string
}
