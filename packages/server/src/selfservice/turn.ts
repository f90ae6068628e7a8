import type { UiNode } from '@latchkey/api'
import type { Identity, VerifiableAddress } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Call, Reply } from '../kernel/http/index.ts'
import type { Proof, Signed } from '../session/index.ts'
import type { Body } from './flows/body.ts'
import type { Flow } from './flows/flow.ts'

/** One submission of a flow. */
export interface Turn {
  readonly ctx: Context
  readonly call: Call
  readonly flow: Flow
  readonly body: Body
  /** Values of a form are text and are read by the schema's types. */
  readonly isForm: boolean
  /** What was typed into which field, to be shown again after a mistake. */
  readonly typed: Map<string, unknown>
  /** Whether the body was kept from an earlier request of this browser. */
  readonly resumed?: boolean
  /** The caller's session in force, if any. */
  readonly signed: Signed | undefined
}

/** The form is shown again without a mistake: a code was sent, or the next step begins. */
export interface Stay {
  stay: true
  status: 200 | 400
}

export type LoginOutcome = Stay | { identity: Identity; proof: Proof }

export interface Registered {
  traits: Record<string, unknown>
  credentials: Identity['credentials']
  proof: Proof
  /** An address whose code was just entered. */
  verified?: Pick<VerifiableAddress, 'via' | 'value'>
}
export type RegistrationOutcome = Stay | Registered

export type RecoveryOutcome =
  | Stay
  | { reply: Reply }
  | { identity: Identity; proof: Proof; verified?: Pick<VerifiableAddress, 'via' | 'value'> }

export type VerificationOutcome = Stay | { reply: Reply } | { identityId: string; via: string; value: string }

/** What a settings method changes of the identity; it gets the stored one, held against others. */
export type SettingsOutcome = { change: (identity: Identity) => Identity | Promise<Identity>; privileged: boolean }

/**
 * A method's part in one kind of flow. `decode` reads the body and says what to do; it throws FlowError for what is
 * missing. What it gives is run only after the anti-CSRF token was checked.
 */
export interface Step<Outcome> {
  nodes(ctx: Context, flow: Flow, signed: Signed | undefined): UiNode[] | Promise<UiNode[]>
  decode(turn: Turn): (() => Promise<Outcome>) | Promise<() => Promise<Outcome>>
}

/** A way to prove who one is, or to change it. */
export interface Method {
  readonly name: string
  enabled(ctx: Context, flow: Flow): boolean
  readonly login?: Step<LoginOutcome>
  readonly registration?: Step<RegistrationOutcome>
  readonly recovery?: Step<RecoveryOutcome>
  readonly verification?: Step<VerificationOutcome>
  readonly settings?: Step<SettingsOutcome>
}
