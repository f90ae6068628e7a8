import { ApiError, type UiText } from '@latchkey/api'
import { HashingBusyError, publicView } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { type Call, csrfViolation, json, redirect, type Reply } from '../../kernel/http/index.ts'
import { isUuid } from '../../kernel/uuid.ts'
import { resolveSession, type Signed } from '../../session/index.ts'
import { stepsOf } from '../methods/index.ts'
import type { Stay, Step, Turn } from '../turn.ts'
import { addFieldMessage, addMessage } from '../ui/container.ts'
import type { Group } from '../ui/nodes.ts'
import { answerError, speaksJson } from './answer.ts'
import { type Body, readBody, textField } from './body.ts'
import { type Flow, FlowError, type FlowName } from './flow.ts'
import { findFlow, saveFlow } from './store.ts'
import { pageUrl } from './urls.ts'
import { flowView } from './view.ts'

/** What one kind of flow adds to what all have in common. */
export interface Submission<Outcome> {
  name: FlowName
  /** Whether an unknown flow's 404 says what is missing. */
  explains404?: boolean
  /** Checks before the body is read; a reply ends the submission. */
  guard?(ctx: Context, call: Call, flow: Flow, signed: Signed | undefined): Promise<Reply | undefined>
  /** Answers a submission of a flow that has run out, with a new one in its place. */
  restart(ctx: Context, call: Call, flow: Flow): Promise<Reply>
  /** Which method a body is for, where it does not say so. */
  method?(body: Body, call: Call, flow: Flow): string
  /** A submission that was kept until its person had signed in once more. */
  kept?(call: Call, flow: Flow): Body | undefined
  /** Browser flows repeat the token of the browser's cookie; told otherwise only for what carries a secret of its own. */
  csrf?(turn: Turn): void
  /** The message where no method takes the body. */
  noMethod: UiText
  /** Brings the form up to date before messages are put into it. */
  onMistake(turn: Turn, error: FlowError): void | Promise<void>
  finish(turn: Turn, outcome: Exclude<Outcome, Stay>, method: string): Promise<Reply>
  /** Status of the redirect that shows a form again; 303 unless told otherwise. */
  againStatus?: 302
}

/** Takes one submission of a flow through all that is common: load, expiry, method, CSRF, run, store, answer. */
export async function submitFlow<Outcome extends object>(ctx: Context, call: Call, kind: Submission<Outcome>): Promise<Reply> {
  let flow: Flow | undefined
  try {
    flow = await loadFlow(ctx, call, kind)
    const signed = await resolveSession(ctx, call)
    if (flow.expiresAt <= ctx.clock.now()) return await kind.restart(ctx, call, flow)
    const early = await kind.guard?.(ctx, call, flow, signed)
    if (early) return early
    const turn = { ctx, call, flow, signed, body: {}, isForm: false }
    return await takeTurn(turn, kind)
  } catch (error) {
    return answerError(ctx, call, error, flow?.type)
  }
}

async function loadFlow<Outcome>(ctx: Context, call: Call, { name, explains404 }: Submission<Outcome>): Promise<Flow> {
  const id = call.search.get('flow') ?? ''
  if (!isUuid(id)) throw ApiError.badRequest({ reason: 'The parameter flow must be the id of a flow.' })
  const flow = await findFlow(ctx, name, id)
  if (!flow) throw ApiError.notFound(explains404 ? { reason: 'There is no such flow.' } : {})
  return flow
}

async function takeTurn<Outcome extends object>(turn: Turn, kind: Submission<Outcome>): Promise<Reply> {
  let current = turn
  try {
    current = { ...turn, ...bodyOf(turn, kind.kept?.(turn.call, turn.flow)) }
    const name = kind.method?.(current.body, current.call, current.flow) ?? textField(current.body, 'method')
    const found = stepsOf(turn.ctx, turn.flow).find((one) => one.name === name)
    if (!found) throw new FlowError({ messages: [kind.noMethod] })
    const step = found.step as unknown as Step<Outcome>
    const run = await step.decode(current)
    ;(kind.csrf ?? requireCsrf)(current)
    const outcome = await run()
    if ('stay' in outcome) return await showAgain(current, (outcome as unknown as Stay).status)
    return await kind.finish(current, outcome as Exclude<Outcome, Stay>, name)
  } catch (error) {
    if (error instanceof HashingBusyError) throw ApiError.unavailable({ reason: 'Too many people are signing in at once.' })
    if (!(error instanceof FlowError)) throw error
    await kind.onMistake(current, error)
    tell(current.flow, error)
    return showAgain(current, 400, kind.againStatus)
  }
}

/** A GET on the address of a form is a submission without a body, or goes on with one that was kept. */
function bodyOf({ call }: Turn, kept: Body | undefined): Pick<Turn, 'body' | 'isForm' | 'resumed'> {
  if (call.method !== 'GET' && call.method !== 'HEAD') return readBody(call)
  return kept ? { body: kept, isForm: true, resumed: true } : { body: {}, isForm: false }
}

/** The form's token has to belong to the browser's cookie; apps have no cookies to misuse. */
export function requireCsrf({ call, flow, body }: Turn): void {
  if (flow.type !== 'browser') {
    if (call.header('origin') && call.header('cookie')) throw ApiError.csrf({ hint: 'A native flow must not be submitted by a page.' })
    return
  }
  const token = textField(body, 'csrf_token') || call.header('x-csrf-token')
  if (!call.csrf.accepts(token)) throw csrfViolation(call)
}

/** Puts the messages of a mistake into the form. */
function tell(flow: Flow, error: FlowError): void {
  for (const message of error.messages) addMessage(flow.ui, message)
  for (const { field, message } of error.fields) addFieldMessage(flow.ui, field, message, error.group as Group | undefined)
}

/** Stores the form as it is now and shows it. */
export async function showAgain(turn: Turn, status: 200 | 400, redirectStatus: 302 | 303 = 303): Promise<Reply> {
  const { ctx, call, flow, signed } = turn
  await saveFlow(ctx, flow)
  const identity = flow.name === 'settings' && signed ? publicView(ctx, signed.identity) : undefined
  if (speaksJson(call, flow.type)) return json(status, flowView(flow, identity))
  return redirect(pageUrl(ctx, flow), redirectStatus)
}
