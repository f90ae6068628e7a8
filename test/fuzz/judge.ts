import type { Answer, Sent } from './send.ts'

/** Throws if a response is not valid for bad input: a 5xx, or an error in none of Ory's formats. */
export function judge(request: Sent, answer: Answer): void {
  const told = () =>
    `${request.method} ${request.path.slice(0, 300)} ${JSON.stringify(request.headers).slice(0, 300)} ${request.body?.slice(0, 600) ?? ''}\n-> ${answer.status} ${answer.text.slice(0, 300)}`
  if (answer.status >= 500) throw new Error(`the server failed\n${told()}`)
  if (answer.status >= 400 && !isRefusal(answer)) throw new Error(`the refusal is not in Ory's shape\n${told()}`)
  if (/\n\s+at |node_modules|SQLITE_|syntax error at/.test(answer.text)) throw new Error(`internals leak\n${told()}`)
}

function isRefusal({ status, headers, text }: Answer): boolean {
  const type = headers['content-type'] ?? ''
  // For a path or method without a route the response is text, as in the Ory services.
  if (type.startsWith('text/plain')) return status === 404 || status === 405
  if (!type.startsWith('application/json')) return false
  const body = JSON.parse(text)
  return isError(body) || isFlow(body) || (status === 403 && body.allowed === false)
}

// biome-ignore lint/suspicious/noExplicitAny: checks responses of any structure
function isError({ error, error_description }: any): boolean {
  return (
    // As OAuth2 has it (RFC 6749, section 5.2).
    (typeof error === 'string' && typeof error_description === 'string') ||
    (typeof error === 'object' && error !== null && typeof error.message === 'string' && Number.isInteger(error.code))
  )
}

// biome-ignore lint/suspicious/noExplicitAny: checks responses of any structure
function isFlow({ id, ui, use_flow_id, redirect_browser_to }: any): boolean {
  return (typeof id === 'string' && Array.isArray(ui?.nodes)) || [use_flow_id, redirect_browser_to].some(Boolean)
}
