import type { FlowName } from '@latchkey/api'
import type { Flow, FlowIdentity } from './flow/flow.ts'
import type { Language } from './language.ts'
import type { Theme } from './theme.ts'

/** What a page shows. Everything in it is data from the API, in the API's own shapes. */
export type Page =
  | FlowPage
  | { kind: 'error'; error: PageError }
  | { kind: 'logout'; state: 'confirm'; action: string; returnTo?: string; identity?: FlowIdentity }
  | { kind: 'logout'; state: 'done' }
  | SessionsPage
  | WelcomePage
  | { kind: 'mailbox'; messages: Mail[]; url: string }
  | { kind: 'mail'; message: Mail; mailboxUrl: string }

export interface FlowPage {
  kind: FlowKind
  flow: Flow
  /** Whether this flow took the place of one that had run out or was not this browser's. */
  restarted?: boolean
}

export type FlowKind = FlowName

/** An error as `GET /self-service/errors` answers it; `error` is Ory's generic error. */
export interface PageError {
  id?: string
  error?: { id?: string; code?: number; status?: string; message?: string; reason?: string }
}

export interface SessionsPage {
  kind: 'sessions'
  /** The session that asks, with its identity. */
  session: Session
  /** The other sessions of this identity, newest first. */
  sessions: Session[]
  /** Where the forms are posted: `session` holds the id of the session to end, or `all=true` ends all the others. */
  action: string
  /** What the last submission did. */
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
  /** The origin of the service without a slash at the end, for the first `curl`. */
  origin: string
  mailboxUrl: string
  openapiUrl: string
  /** An admin token to show, or the command that makes one. */
  token: { value: string } | { command: string }
}

/** A message that development mode caught: the courier's message plus its HTML body. */
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
  /** The page of this message. */
  url: string
}

/** How and for whom a page is rendered. */
export interface View {
  language: Language
  project: { name: string; logoUrl?: string; logoDarkUrl?: string }
  theme?: Theme
  links: Links
  /** Where the pages' assets are served, without a slash at the end: `/ui`. */
  basePath: string
  /** Whether the reader is signed in, as far as the page depends on it. */
  signedIn?: boolean
  /** The token that goes into the pages' own forms as `csrf_token`. */
  csrf?: string
}

/** Addresses that pages link to. A link that is left out is not shown (say, sign-up switched off). */
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
