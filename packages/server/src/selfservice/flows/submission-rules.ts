import type { UiText } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import type { Signed } from '../../session/index.ts'
import type { Body } from '../flow/body.ts'
import type { Flow, FlowError, FlowName } from '../flow/flow.ts'
import type { Step, StepResults, SubmissionContext } from '../method.ts'
import type { Outcome } from '../outcome.ts'

/** What a step of a flow can lead to. */
export type ResultOf<Name extends FlowName> = StepResults[Name]

/** The rules for submissions of one flow, in the order in which they are applied. */
export interface SubmissionRules<Name extends FlowName> {
  readonly name: Name
  /** Whether the 404 for an unknown flow contains a reason. */
  readonly has404Reason?: boolean
  /** Checks the caller before the flow lookup; an outcome ends the submission. */
  admit?(ctx: Context, signed: Signed | undefined): Outcome | undefined
  /** Handles a submission of an expired flow, which is replaced by a new one. */
  restart(ctx: Context, request: Call, flow: Flow, signed: Signed | undefined): Promise<Outcome>
  /** Checks the caller before the body is parsed; an outcome ends the submission. */
  guard?(ctx: Context, request: Call, of: { flow: Flow; signed: Signed | undefined }): Promise<Outcome | undefined>
  /** Whether the request opens a link from a message: the submit URL with a token or code in the query. */
  opens?(request: Call, flow: Flow, ctx: Context): boolean
  /** Returns a submission that was stored until the user signed in again. */
  resumable?(request: Call, flow: Flow): Body | undefined
  /** The first candidate method, for flows in which each candidate prechecks the body. */
  firstCandidate?(flow: Flow): string | undefined
  /** The message if no method handles the body. */
  readonly noMethod: UiText
  /** Validates a body that no method handles; its errors take precedence over `noMethod`. */
  checkUnhandled?(submission: SubmissionContext): void
  /** Selects the method, if it is not the one specified in the body (undefined); an outcome ends the submission. */
  choose?(submission: SubmissionContext<Name>): Promise<ChosenStep<Name> | Outcome> | ChosenStep<Name> | undefined
  /** Replaces the default check of the anti-CSRF token. */
  requireCsrf?(submission: SubmissionContext): void
  /** Checks the caller before the attempt; an outcome ends the submission. */
  admitAttempt?(submission: SubmissionContext<Name>, method: string): Promise<Outcome | undefined>
  finish(submission: SubmissionContext<Name>, result: ResultOf<Name>, method: string): Promise<Outcome>
  /** Whether clients that prefer HTML are redirected to the page even in API flows, as Kratos does for verification. */
  readonly redirectsToPage?: true
  /** How the form shows an error. */
  readonly mistake: {
    /** Removes messages of earlier submissions; by default all. */
    clear?(submission: SubmissionContext, method: string, error: FlowError): void
    /** Changes the form before the messages are added. */
    prepare?(submission: SubmissionContext, error: FlowError): void
    /** Whether the method that rejected the submission becomes active, as in recovery and verification of Kratos. */
    readonly setsActive?: true
    readonly redirectStatus?: 302
  }
}

/** The method that handles a submission, and its step in the flow. */
export interface ChosenStep<Name extends FlowName> {
  readonly name: string
  readonly step: Step<StepResults[Name]>
}
