import type { FastifyReply } from 'fastify'
import { endAtEndOfTurn } from './end-of-turn.ts'
import type { Reply } from './reply.ts'

/** The length from which encoding a text separately from the headers is faster. */
const longText = 8192

export type Headers = Record<string, string | string[] | number>

/** Writes a response directly to the connection, bypassing the framework's hooks (decision 0003). */
export function send(reply: FastifyReply, answered: Reply, headers: Headers, head = false): FastifyReply {
  const text = answered.text ?? (answered.body === undefined ? undefined : JSON.stringify(answered.body))
  // A long text is encoded here: Node would otherwise concatenate it with the headers first.
  const body = typeof text === 'string' && text.length > longText ? Buffer.from(text) : text
  if (body !== undefined) headers['content-length'] = Buffer.byteLength(body)
  else if (answered.status !== 204 && answered.status !== 304 && !answered.stream) headers['content-length'] = 0
  writeHead(reply, answered, headers)
  endAtEndOfTurn(reply.raw, head ? undefined : body)
  return reply
}

/** Writes the status and the headers, including those of the reply. */
export function writeHead(reply: FastifyReply, { status, ...answered }: Reply, headers: Headers): void {
  if (answered.contentType) headers['content-type'] = answered.contentType
  if (answered.headers) Object.assign(headers, answered.headers)
  if (answered.cookies?.length)
    headers['set-cookie'] = [...((headers['set-cookie'] as string[]) ?? []), ...answered.cookies]
  // Before the framework is told, so that it answers 500 if a header is not valid.
  reply.raw.writeHead(status, rawHeaders(headers))
  reply.hijack()
}

/** Header names in the case used by the originals, because some clients are case-sensitive: name, value, name, value. */
function rawHeaders(headers: Headers): (string | string[] | number)[] {
  const list: (string | string[] | number)[] = []
  for (const [name, value] of Object.entries(headers)) list.push(canonicalName(name), value)
  return list
}

const spellings = new Map<string, string>()

function canonicalName(name: string): string {
  let found = spellings.get(name)
  if (!found) {
    found = name.replaceAll(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())
    if (spellings.size < 1000) spellings.set(name, found)
  }
  return found
}
