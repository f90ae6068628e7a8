import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { Context } from '../context.ts'
import type { Closing } from './closing.ts'
import type { Reply } from './reply.ts'
import { type Headers, writeHead } from './send.ts'

/** The maximum duration of a stream; clients then reconnect, possibly to another process. */
const longestMs = 3_600_000
/** The timeout for the client to read the last chunk. */
const lastMs = 2000

interface Surroundings {
  ctx: Context
  closing: Closing
  /** Called once when the stream has ended. */
  ended: () => void
}

/**
 * Writes a streamed response. The next chunk is requested after the previous one was sent, so that a slow client buffers
 * at most one chunk. The connection is closed afterwards, because the length was unknown when the headers were sent.
 */
export function sendStream(
  reply: FastifyReply,
  answered: Reply & Required<Pick<Reply, 'stream'>>,
  headers: Headers,
  { ctx, closing, ended }: Surroundings,
): void {
  const { raw } = reply
  const controller = new AbortController()
  const stop = () => controller.abort()
  const timer = setTimeout(stop, longestMs).unref()
  closing.streams.add(stop)
  raw.once('close', stop)
  if (closing.headers || raw.destroyed) stop()
  writeHead(reply, answered, Object.assign(headers, { connection: 'close' }))
  // Sends the headers immediately.
  raw.flushHeaders()
  void pump(raw, answered.stream(controller.signal), controller.signal)
    .catch((error: unknown) => {
      ctx.log.error({ err: error }, 'a stream failed')
      raw.destroy()
    })
    .finally(() => {
      clearTimeout(timer)
      closing.streams.delete(stop)
      ended()
    })
}

async function pump(raw: ServerResponse, pieces: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  for await (const piece of pieces) {
    if (signal.aborted) break
    if (!raw.write(piece)) await once(raw, 'drain', { signal }).catch(ignoreAbort)
    if (signal.aborted) break
  }
  setTimeout(() => raw.destroy(), lastMs).unref()
  raw.end()
}

function ignoreAbort(error: Error): void {
  if (error.name !== 'AbortError') throw error
}
