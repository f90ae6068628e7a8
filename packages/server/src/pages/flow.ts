import { ApiError } from '@latchkey/api'
import type { Flow } from '@latchkey/pages'
import { publicView } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { type Call, type Reply, redirect } from '../kernel/http/index.ts'
import {
  beginFlow,
  type FlowName,
  flowView,
  pageUrl,
  parseBeginOptions,
  publicUrl,
  readFlow,
} from '../selfservice/index.ts'
import { resolveSession } from '../session/index.ts'
import { showPage } from './show.ts'
import { signInFirst } from './sign-in-first.ts'

/** The page of a flow (`/ui/{flow}?flow=ID`). An unusable flow is replaced by a new one. */
export async function flowPage(ctx: Context, call: Call, name: FlowName): Promise<Reply> {
  const id = call.search.get('flow')
  if (!id) return begin(ctx, call, name)
  try {
    const { flow, identity } = await readFlow(ctx, call, name, id)
    const shown = flowView(flow, identity && publicView(ctx, identity))
    const restarted = call.search.get(restartedMark) === '1'
    const signedIn = name === 'verification' && (await resolveSession(ctx, call)) !== undefined
    const clientUris = flow.loginRequest?.client?.redirect_uris ?? []
    return showPage(ctx, call, { kind: name, flow: shown as unknown as Flow, restarted }, { signedIn, clientUris })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return beginAnew(ctx, call, name, error)
  }
}

/** Marks that the displayed flow replaces another one. */
const restartedMark = 'restarted'

/** Redirects to the endpoint that starts the flow, with all query parameters. */
async function begin(ctx: Context, call: Call, name: FlowName): Promise<Reply> {
  if (name === 'settings' && !call.search.has('return_to') && !(await resolveSession(ctx, call)))
    return signInFirst(ctx, call)
  return redirect(beginAddress(ctx, name, call.search).toString())
}

function beginAddress(ctx: Context, name: FlowName, search: URLSearchParams): URL {
  const url = publicUrl(ctx, `self-service/${name}/browser`)
  for (const [key, value] of search) if (key !== 'flow' && key !== restartedMark) url.searchParams.append(key, value)
  return url
}

/** Replaces a flow that is missing, expired or bound to another browser, and says so on the new page. */
async function beginAnew(ctx: Context, call: Call, name: FlowName, error: ApiError): Promise<Reply> {
  if (error.httpStatus === 401) return signInFirst(ctx, call)
  const { redirect_browser_to: stronger, details } = error.content as {
    redirect_browser_to?: unknown
    details?: Record<string, unknown>
  }
  if (typeof stronger === 'string' && error.httpStatus !== 410) return redirect(stronger)
  // Prevents a redirect loop in browsers that reject cookies.
  if (call.search.get(restartedMark) === '1' && !call.csrf.hadCookie) throw error
  const search = new URLSearchParams(call.search)
  if (typeof details?.return_to === 'string') search.set('return_to', details.return_to)
  const start = beginAddress(ctx, name, search)
  const options = parseBeginOptions(start.searchParams, { type: 'browser', requestUrl: start.toString() })
  const outcome = await beginFlow[name](ctx, call, options)
  if (outcome.type !== 'begun') return redirect(outcome.location)
  const page = new URL(pageUrl(ctx, outcome.flow))
  page.searchParams.set(restartedMark, '1')
  return redirect(page.toString())
}
