import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { Context } from '../context.ts'
import type { Closing } from './closing.ts'
import type { Reply } from './reply.ts'
import { type Headers, writeHead } from './send.ts'

/** No stream lives longer; who reads it comes back, to whichever process then answers. */
const longestMs = 3_600_000
/** How long the last piece may take to be read. */
const lastMs = 2000

interface Surroundings {
  ctx: Context
  closing: Closing
  /** Told once, when nothing more is written. */
  ended: () => void
}

/**
 * Writes an answer piece by piece. The next piece is asked for when the last one has been taken, so that a reader who
 * does not read costs one piece. The connection ends with it, since the headers were sent before anybody knew when.
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
  // Whoever waits for the answer learns at once that there is one.
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
