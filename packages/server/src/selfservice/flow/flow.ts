import {
  addressChoiceStates,
  type FlowName,
  type Language,
  type LoginFlowTestContext,
  type OAuth2LoginRequest,
  type UiContainer,
  type UiText,
} from '@latchkey/api'

import type { StepLog } from './steps.ts'

export { type FlowName, flowNames } from '@latchkey/api'

export type AddressChoiceState = (typeof addressChoiceStates)[number]

/** A stored flow. Times are in milliseconds since 1970. */
export interface Flow {
  id: string
  name: FlowName
  /** The client type: an app with JSON and session tokens, or a browser with cookies. */
  type: 'api' | 'browser'
  state: 'choose_method' | 'sent_email' | 'passed_challenge' | 'show_form' | 'success' | AddressChoiceState
  /** The active method, if there is one. */
  active?: string
  requestUrl: string
  /** The language of messages; absent for English. */
  language?: Language
  returnTo?: string
  issuedAt: number
  expiresAt: number
  updatedAt: number
  /** The first anti-CSRF token of the form; it identifies the browser to which the flow belongs. */
  csrfToken: string
  ui: UiContainer
  /** The form is still the common initial form, so its nodes are not stored, but rebuilt when it is loaded. */
  form?: 'common'
  /** The identity of a settings flow, or of a recovery or verification flow as soon as it is known. */
  identityId?: string
  schemaId?: string
  organizationId?: string
  /** The challenge of the OAuth 2.0 login request that a login or registration flow answers. */
  loginChallenge?: string
  /** Login flows only. */
  refresh?: boolean
  aal?: 'aal1' | 'aal2'
  /** The code with which an app fetches the session that is created in a browser; not stored. */
  exchangeCode?: string
  /** A settings submission that is resumed after the user has signed in again; encrypted. */
  resumable?: string
  /** A recovery created by an administrator belongs to no browser; its code or link replaces the anti-CSRF token. */
  isUnbound?: true
  /** An API verification flow whose link was opened in a browser, which continues it. */
  openedInBrowser?: boolean
  /** The provider that a login flow of an administrator tests, without signing anybody in. */
  testedProvider?: string
  /** The URL to continue with after the address is verified. */
  continueUrl?: string
  /** The encrypted internal state of methods, by method name (`internal-state.ts`). */
  internal?: Record<string, string>
  /** Used only for a single submission and its response; not stored. */
  transientPayload?: Record<string, unknown>
  continueWith?: readonly unknown[]
  /** The OAuth 2.0 login request of `loginChallenge`; not stored. */
  loginRequest?: OAuth2LoginRequest
  /** The proof of work that the form demands next, for a single response; not stored. */
  challenge?: { proof: string; level: number }
  /** Whether the submission has proven a person by a captcha, or the form demands one next; not stored. */
  captcha?: 'demanded' | 'passed'
  /** What happened so far, for an administrator; stored in a column of its own (`steps.ts`). */
  steps?: StepLog
  testContext?: LoginFlowTestContext
}

export type FlowOf<Name extends FlowName> = Flow & { name: Name }

/** Whether the flow began while `feature_flags.choose_recovery_address` was set, and no code was redeemed yet. */
export function isChoosingAddress({ name, state }: Pick<Flow, 'name' | 'state'>): boolean {
  return name === 'recovery' && (addressChoiceStates as readonly string[]).includes(state)
}

/** A message for a field of a form. */
export interface FieldMessage {
  field: string
  message: UiText
}

/** A rejected submission: the form is shown again with messages, and only the flow is updated. */
export class FlowError extends Error {
  readonly messages: readonly UiText[]
  readonly fields: readonly FieldMessage[]
  /** Whether the form is unchanged except for the messages. */
  readonly keepsForm: boolean
  /** Whether the body could not be parsed. */
  readonly isUnparsable: boolean
  /** The method that rejected the submission, if no method was selected. */
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
