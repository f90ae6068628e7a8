import type { FlowName, Language, UiContainer, UiText } from '@latchkey/api'

export { type FlowName, flowNames } from '@latchkey/api'

/** A flow as it is stored. Times are milliseconds since 1970. */
export interface Flow {
  id: string
  name: FlowName
  /** How it is carried on: by an app with JSON and tokens, or by a browser with cookies. */
  type: 'api' | 'browser'
  state: 'choose_method' | 'sent_email' | 'passed_challenge' | 'show_form' | 'success'
  /** The method in use, as far as one is. */
  active?: string
  requestUrl: string
  /** The language of messages; absent for English. */
  language?: Language
  returnTo?: string
  issuedAt: number
  expiresAt: number
  updatedAt: number
  /** The form token that was given out first; it tells which browser a flow belongs to. */
  csrfToken: string
  ui: UiContainer
  /** The form is still the one that all such flows begin with: its nodes are rebuilt when it is loaded, not stored. */
  form?: 'common'
  /** Whose settings, or whom a recovery or verification is for once that is known. */
  identityId?: string
  schemaId?: string
  organizationId?: string
  /** Sign-in only. */
  refresh?: boolean
  aal?: 'aal1' | 'aal2'
  /** The code with which an app fetches the session that a browser will begin for it; never stored. */
  exchangeCode?: string
  /** A settings submission that is resumed after its person has signed in again; encrypted. */
  resumable?: string
  /** A recovery that an administrator made belongs to no browser; its secret stands for the anti-CSRF token. */
  isUnbound?: true
  /** An app's verification whose link was opened in a browser, which goes on with it. */
  openedInBrowser?: boolean
  /** Where to go on once an address is verified. */
  continueUrl?: string
  /** The private state of methods by name, sealed (`internal-state.ts`). */
  internal?: Record<string, string>
  /** Given in the answer to one submission only, never stored. */
  transientPayload?: Record<string, unknown>
  continueWith?: readonly unknown[]
}

export type FlowOf<Name extends FlowName> = Flow & { name: Name }

/** A message that belongs to one field of a form. */
export interface FieldMessage {
  field: string
  message: UiText
}

/** A submission that the form has to be shown for again, with messages; nothing but the flow changes. */
export class FlowError extends Error {
  readonly messages: readonly UiText[]
  readonly fields: readonly FieldMessage[]
  /** Whether the form is left as it was, but for the messages. */
  readonly keepsForm: boolean
  /** Whether the body could not be parsed at all. */
  readonly isUnparsable: boolean
  /** The method that refused the submission, where none took it. */
  readonly method: string | undefined

  constructor(content: {
    messages?: readonly UiText[]
    fields?: readonly FieldMessage[]
    keepsForm?: boolean
    method?: string
    isUnparsable?: boolean
  }) {
    super('the form has to be shown again')
    this.messages = content.messages ?? []
    this.fields = content.fields ?? []
    this.keepsForm = content.keepsForm ?? false
    this.method = content.method
    this.isUnparsable = content.isUnparsable ?? false
  }
}
