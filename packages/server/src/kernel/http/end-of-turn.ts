import type { ServerResponse } from 'node:http'

/** The responses that are ready in the present turn of the event loop, with their bodies. */
let ready: [ServerResponse, string | Buffer | undefined][] = []

/**
 * Ends a response after all requests that this turn of the event loop has read were handled, together with their
 * responses. A client that waits for several of them is woken once and not for each: waking a sleeping process costs the
 * server more than most requests do (bench/RESULTS.md).
 */
export function endAtEndOfTurn(response: ServerResponse, body: string | Buffer | undefined): void {
  if (ready.length === 0) setImmediate(endAll)
  ready.push([response, body])
}

function endAll(): void {
  const responses = ready
  ready = []
  for (const [response, body] of responses) response.end(body)
}
