import type { ApiError, NodeOrder, UiNode, UiText } from '@latchkey/api'
import type { Static, TObject, TSchema } from 'typebox'
import type { Connection, Identity, VerifiableAddress } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Call } from '../kernel/http/index.ts'
import type { RequestWithSnippet } from '../kernel/jsonnet/body-snippets.ts'
import type { Proof, Signed } from '../session/index.ts'
import type { RelyingParty } from './ceremonies/relying-party.ts'
import type { Body, Fields } from './flow/body.ts'
import type { Flow, FlowName, FlowOf } from './flow/flow.ts'
import type { MethodConfigs } from './method-configs.ts'
import type { Recipient } from './pending/recipient.ts'
import type { Group as NodeGroup } from './ui/nodes.ts'

/** One submission of a flow. */
export interface SubmissionContext<Name extends FlowName = FlowName> {
  readonly ctx: Context
  readonly request: Call
  readonly flow: FlowOf<Name>
  /** Where the body came from. Only a form needs an anti-CSRF token; the others carry a secret of their own. */
  readonly source: 'form' | 'link' | 'resumed' | 'provider'
  readonly body: Body
  /** Values by field that are shown again after a mistake. */
  readonly submittedValues: Map<string, unknown>
  /** The caller's session in force, if any. */
  readonly signed: Signed | undefined
  /** The form of the flow as all methods together make it, for methods that lead to other ones. */
  readonly form: FlowForm
}

export interface FlowForm {
  /** Fills the form as it is when the flow begins. */
  rebuild(): Promise<void>
  /** The nodes of the other methods that the flow may use, of those that `includes` accepts, for `owner` if given. */
  methodNodes(includes?: (method: Method) => boolean, owner?: Identity): Promise<UiNode[]>
  /** Brings the nodes of the form into the order of the flow. */
  sort(): void
}

/** How the form of one flow is made of what its methods add. */
export interface FormRules {
  /** Fills the form of a new flow. */
  build(ctx: Context, flow: Flow, signed: Signed | undefined): Promise<void>
  /** The order of its nodes, where it has one. */
  order?(ctx: Context, flow: Flow, signed: Signed | undefined): NodeOrder
  /** The nodes of a stored flow whose form is the common one. */
  restore?(ctx: Context, flow: Flow): Promise<UiNode[]>
}

/** The form is shown again without a mistake: a code was sent, or the next step begins. */
export interface ContinueFlow {
  continueFlow: 200 | 400
}

/** The page of the flow is loaded anew, because its form has changed without a mistake. */
export interface ReloadPage {
  reloadPage: true
}

/** The flow goes on elsewhere, at a sign-in provider, which leads back to it. */
export interface LeaveFlow {
  leaveFor: string
  cookies?: readonly string[]
}

/** The flow is of no more use; a new one takes its place and says why. */
export interface ReplaceFlow {
  replaceFlow: UiText
  /** Whether apps and scripts are led to the new flow as well, as the method link does. */
  redirects?: true
}

/** A person has proven who they are. */
export interface SignedInBy {
  identity: Identity
  proof: Proof
  /** The method that the sign-in began with, if a code for a new device has completed it. */
  newDeviceBy?: 'password'
}

/** What a new identity begins with. */
export interface Registered {
  traits: Record<string, unknown>
  credentials: Identity['credentials']
  proof: Proof
  metadata?: { public?: unknown; admin?: unknown }
  /** Addresses that are verified already: a code was just entered, or a provider vouches for them. */
  verified?: readonly Pick<VerifiableAddress, 'via' | 'value'>[]
  /** What is added to an account with the same identifier, once its owner has signed in to it. */
  link?: LinkOffer
}

/** A connection to a provider that somebody has proven, for an account that is still to be proven. */
export interface LinkOffer {
  readonly credential: 'oidc'
  readonly connection: Connection
  /** How the provider is called. */
  readonly label: string
}

/** A provider vouches for somebody who has no account yet, so that signing in becomes signing up. */
export interface RegisterInstead {
  registerInstead: (submission: SubmissionContext<'registration'>) => Promise<Registered>
}

/** A provider vouches for somebody who has an account, so that signing up becomes signing in. */
export interface SignInInstead {
  signInInstead: SignedInBy
}

/** Whoever asked for recovery has proven to own the account. */
export interface Recovered extends SignedInBy {
  /** The address that the proof was sent to. */
  verified?: Pick<VerifiableAddress, 'via' | 'value'>
}

export interface VerifiedAddress {
  identityId: string
  via: string
  value: string
}

/** What a settings method changes of the identity; `change` gets the stored one. */
export interface SettingsChange {
  change: (identity: Identity) => Identity | Promise<Identity>
  /** Whether it needs a recent sign-in, unless the step always does. */
  privileged?: boolean
  /** Proofs that the change itself gave, which strengthen the session. */
  proof?: Proof
}

/** Changes the form only, which is shown again: nothing is stored of the identity yet. */
export interface SettingsPreview {
  preview: () => void
}

/** What a step of each flow can lead to, besides being shown again. */
export interface StepResults {
  login: SignedInBy | RegisterInstead
  registration: Registered | SignInInstead
  recovery: Recovered | ReplaceFlow
  verification: VerifiedAddress | ReplaceFlow
  settings: SettingsChange | SettingsPreview
}

/** Reads a body and says what to do; what it returns runs only after the anti-CSRF token was checked. */
export type Attempt<Result> = () => Promise<ContinueFlow | LeaveFlow | ReloadPage | Result>

/** A method's part in one flow. */
export interface Step<Result, Schema extends TObject = TObject> {
  /** Where the step is available; unless given, where the method is switched on. */
  enabled?(ctx: Context, flow: Flow): boolean
  /** Whether apps have no such step. */
  readonly isForBrowsers?: true
  /** Whether what it adds to the form belongs to one flow, such as a challenge, so that flows cannot share the form. */
  isIndividual?(ctx: Context, flow: Flow): boolean
  /** What the method adds to the form. */
  nodes(ctx: Context, flow: Flow, signed: Signed | undefined): UiNode[] | Promise<UiNode[]>
  /** What it adds to a form in which another method comes first, so that it can be used at once all the same. */
  suggestionNodes?(ctx: Context, flow: Flow): UiNode[]
  /** The schema of its submissions in the contract. */
  readonly body: Schema
  /** Changes the form before the messages of a mistake are put into it. */
  showMistake?(submission: SubmissionContext): void
  /** Takes a submission. Throws FlowError for what is missing. */
  decode(submission: SubmissionContext, fields: Fields<Static<Schema>>): Attempt<Result> | Promise<Attempt<Result>>
}

export interface LoginStep<Schema extends TObject = TObject> extends Step<StepResults['login'], Schema> {
  /** Whether this person can sign in by the method. */
  usableBy?(identity: Identity): boolean
  /** Whether a node of the method is of use for this person; unless given, every node is. */
  fits?(node: UiNode, identity: Identity): boolean
  /** What a second factor does when its flow begins; `via` names a trait or channel that is asked for. */
  begin?(ctx: Context, flow: Flow, of: { identity: Identity; via: string; request: Call }): Promise<void>
}

export interface RegistrationStep<Schema extends TObject = TObject> extends Step<StepResults['registration'], Schema> {
  /** Validates a submission that no method handles, as Kratos does. Throws FlowError. */
  checkUnhandled?(submission: SubmissionContext): void
}

/** A secret that recovers an account, made for an administrator who passes it on. */
export interface IssuedRecovery {
  secret: string
  /** Where it is used. */
  url: string
  /** Milliseconds since 1970. */
  expiresAt: number
}

/** What recovery and verification ask of each of their methods in turn, before they know which one is meant. */
interface TurnStep {
  /** Whether the method is asked about a flow at all. */
  isAsked(flow: Flow): boolean
  /** Throws FlowError for what cannot be decoded, whatever method is meant. */
  precheck(submission: SubmissionContext): void
}

export interface RecoveryStep<Schema extends TObject = TObject>
  extends Step<Recovered | ReplaceFlow, Schema>,
    TurnStep {
  /** Whether the anti-CSRF token is checked before it is known which method is meant. */
  readonly checksCsrfFirst?: true
  /** Makes a secret for a flow that an administrator began: fills its form and stores it. */
  issue(ctx: Context, flow: Flow, to: { identityId: string; lifespanMs: number }): Promise<IssuedRecovery>
}

export interface VerificationStep<Schema extends TObject = TObject>
  extends Step<VerifiedAddress | ReplaceFlow, Schema>,
    TurnStep {
  /** The field for the address, as it is shown again after a mistake. */
  addressField(value: string): UiNode
  /** Makes the form of a flow whose message is sent already. */
  sentForm(flow: Flow, address: string): void
  /** Sends the message that verifies an address, and notes it at the address. */
  send(ctx: Context, flow: Flow, to: Recipient): Promise<void>
}

export interface SettingsStep<Schema extends TObject = TObject> extends Step<SettingsChange | SettingsPreview, Schema> {
  /** Whether all that it does needs a recent sign-in, which is then asked for before anything that was sent is judged. */
  readonly privileged?: true
  /** Whether a mistake leaves the messages of earlier submissions, as Kratos does for traits. */
  readonly keepsMessages?: true
}

/** A way to prove who one is, or to change it: one folder of `methods/`, one object. */
export interface Method {
  readonly name: string
  /** The group of its nodes in a form. */
  readonly group: NodeGroup
  /** The assurance levels that signing in by it can give, by what is configured. */
  aal?(ctx: Context): readonly ('aal1' | 'aal2')[]
  /** Whether its form comes before the forms of all other methods, which it leads to. */
  readonly asksFirst?: true
  /** Whether its buttons are shown from the first step, if signing in or up has two. */
  readonly isOfferedFirst?: true
  /** Its part of the configuration (`selfservice.methods.NAME`); none for those that the flows switch on. */
  readonly config?: TSchema
  /** The requests in its configuration whose body can be made by Jsonnet, by their paths in it. */
  readonly requests?: (configs: MethodConfigs) => { path: readonly string[]; request: RequestWithSnippet }[]
  /** By flow the list of hooks in `selfservice.flows.FLOW.after.NAME`; none where the flow has no such key. */
  readonly after?: { readonly login?: TSchema; readonly registration?: TSchema; readonly settings?: TSchema }
  /** The credential that it stores (`identity/credentials/`). */
  readonly credential?: string
  /** The relying party whose public keys it uses, while it is switched on. */
  relyingParty?(ctx: Context): RelyingParty
  /** Whether a submission is for this method, whatever method it names. */
  claims?(submission: Pick<SubmissionContext, 'request' | 'flow' | 'body'>): boolean
  /** Whether a submission is for this method if it names it; otherwise it has to be claimed. */
  isChosenByName?(flow: Pick<Flow, 'name' | 'type'>): boolean
  /** Whether a flow answers 404 to its name while it is switched off; unless given, the flows that it has a step in do. */
  isRefusedIn?(flow: Pick<Flow, 'name' | 'type'>): boolean
  /** The answer to a submission that it claims while it is switched off; otherwise the form says that no method fits. */
  switchedOff?(): ApiError
  /**
   * While it is switched on: a page that browsers are sent to after a sign-in by `method`, before they go on to `to`.
   */
  pageAfterSignIn?(ctx: Context, signedIn: { identity: Identity; method: string; to: string }): string | undefined
  readonly login?: LoginStep
  readonly registration?: RegistrationStep
  readonly recovery?: RecoveryStep
  readonly verification?: VerificationStep
  readonly settings?: SettingsStep
}
