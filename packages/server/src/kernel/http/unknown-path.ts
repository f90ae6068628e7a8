import Negotiator from 'negotiator'
import type { Call } from './call.ts'
import { html, json, plain, type Reply } from './reply.ts'

const message = 'Not Found'
const reason = 'Nothing is served at this path. Check the path, the host and the port.'

const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${message}</title></head>
<body><h1>404 ${message}</h1><p>${reason}</p></body></html>
`

/** 404 in the media type that the client prefers (RFC 9110, section 12.5.1), as Hydra's listeners for people answer. */
export function unknownPath(call: Pick<Call, 'header'>): Reply {
  const accept = call.header('accept')
  const wanted = new Negotiator({ headers: { accept } }).mediaType(['text/html', 'text/plain', 'application/json'])
  if (wanted === 'application/json') return json(404, { error: { code: 404, message, reason } })
  return wanted === 'text/plain' ? plain(404, `${message}. ${reason}\n`) : html(404, page)
}
