import { ApiError, type UiText } from '@latchkey/api'
import { publicView } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { type Call, csrfViolation, json, type Reply, redirect } from '../../kernel/http/index.ts'
import { isUuid } from '../../kernel/uuid.ts'
import { resolveSession, type Signed } from '../../session/index.ts'
import { stepsOf } from '../methods/index.ts'
import type { Stay, Step, Turn } from '../turn.ts'
import { addFieldMessage, addMessage, setValue } from '../ui/container.ts'
import type { Group } from '../ui/nodes.ts'
import { answerError, speaksJson } from './answer.ts'
import { type Body, readBody, textField, unreadable } from './body.ts'
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
  method?(turn: Turn): string
  /** A submission that was kept until its person had signed in once more. */
  kept?(call: Call, flow: Flow): Body | undefined
  /** Browser flows repeat the token of the browser's cookie; told otherwise only for what carries a secret of its own. */
  csrf?(turn: Turn): void
  /** The message where no method takes the body. */
  noMethod: UiText
  /** Whether a GET on the form's address carries a secret of its own, as the links of messages do. */
  opens?(call: Call, flow: Flow): boolean
  /** What cannot be read may be told otherwise than by its own message. */
  translate?(error: FlowError): FlowError
  /** Removes the messages of earlier mistakes. */
  clear(turn: Turn, error: FlowError): void
  /** Brings the form into order after the messages were put into it. */
  arrange(turn: Turn): void
  /** What the answer to a mistake says is active, where it differs from what is stored. */
  activeOn?(error: FlowError): string | undefined
  finish(turn: Turn, outcome: Exclude<Outcome, Stay>, method: string): Promise<Reply>
  /** Status of the redirect that shows a form again; 303 unless told otherwise. */
  againStatus?: 302
}

/** Takes one submission of a flow through all that is common: load, expiry, method, CSRF, run, store, answer. */
export async function submitFlow<Outcome extends object>(
  ctx: Context,
  call: Call,
  kind: Submission<Outcome>,
): Promise<Reply> {
  let flow: Flow | undefined
  try {
    flow = await loadFlow(ctx, call, kind)
    const signed = await resolveSession(ctx, call)
    if (flow.expiresAt <= ctx.clock.now()) return await kind.restart(ctx, call, flow)
    const early = await kind.guard?.(ctx, call, flow, signed)
    if (early) return early
    const turn: Turn = { ctx, call, flow, signed, body: {}, isForm: false, typed: new Map() }
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
    current = { ...turn, ...bodyOf(turn, kind) }
    const name = kind.method?.(current) ?? textField(current.body, 'method')
    const found = stepsOf(turn.ctx, turn.flow).find((one) => one.name === name)
    if (!found) throw new FlowError({ messages: [kind.noMethod] })
    const step = found.step as unknown as Step<Outcome>
    const run = await step.decode(current)
    ;(kind.csrf ?? requireCsrf)(current)
    const outcome = await run()
    if ('stay' in outcome) return await showAgain(current, (outcome as unknown as Stay).status)
    return await kind.finish(current, outcome as Exclude<Outcome, Stay>, name)
  } catch (error) {
    if (!(error instanceof FlowError)) throw error
    return showMistake(current, kind, kind.translate?.(error) ?? error)
  }
}

async function showMistake<Outcome>(turn: Turn, kind: Submission<Outcome>, error: FlowError): Promise<Reply> {
  const { flow } = turn
  kind.clear(turn, error)
  if (!error.keepsForm) fillTyped(turn)
  tell(flow, error)
  kind.arrange(turn)
  return showAgain(turn, 400, { redirectStatus: kind.againStatus, active: kind.activeOn?.(error) })
}

/** Puts what was typed into the form. */
export function fillTyped({ flow, typed }: Turn): void {
  for (const [name, value] of typed) setValue(flow.ui, name, value)
}

/** A GET on the address of a form opens a link, or goes on with a submission that was kept. */
function bodyOf<Outcome>({ call, flow }: Turn, kind: Submission<Outcome>): Pick<Turn, 'body' | 'isForm' | 'resumed'> {
  if (call.method !== 'GET' && call.method !== 'HEAD') return readBody(call)
  if (kind.opens?.(call, flow)) return { body: {}, isForm: false }
  const kept = kind.kept?.(call, flow)
  if (kept) return { body: kept, isForm: true, resumed: true }
  throw unreadable('The form is submitted by POST.')
}

/** The form's token has to belong to the browser's cookie; apps have no cookies to misuse. */
export function requireCsrf({ call, flow, body }: Turn): void {
  if (flow.type !== 'browser') {
    if (call.header('origin') && call.header('cookie'))
      throw ApiError.csrf({ hint: 'A native flow must not be submitted by a page.' })
    return
  }
  const token = textField(body, 'csrf_token') || call.header('x-csrf-token')
  if (!call.csrf.accepts(token)) throw csrfViolation(call)
}

/** Puts the messages of a mistake into the form. */
function tell(flow: Flow, error: FlowError): void {
  for (const message of error.messages) addMessage(flow.ui, message)
  for (const { field, message } of error.fields)
    addFieldMessage(flow.ui, field, message, error.group as Group | undefined)
}

/** Stores the form as it is now and shows it. */
export async function showAgain(
  turn: Turn,
  status: 200 | 400,
  { redirectStatus = 303, active }: { redirectStatus?: 302 | 303; active?: string } = {},
): Promise<Reply> {
  const { ctx, call, flow, signed } = turn
  await saveFlow(ctx, flow)
  const identity = flow.name === 'settings' && signed ? publicView(ctx, signed.identity) : undefined
  if (speaksJson(call, flow.type)) return json(status, flowView(active ? { ...flow, active } : flow, identity))
  return redirect(pageUrl(ctx, flow), redirectStatus)
}
