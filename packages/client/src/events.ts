/** A server-sent event; an event without data only sets the position in the stream. */
export interface ServerEvent {
  id?: string
  data?: string
}

/**
 * Parses a stream of server-sent events (HTML standard, section 9.2.6). An event without
 * a final empty line is discarded. Calls `onActivity` for any data received, including comments.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  onActivity: () => void = () => {},
): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  try {
    let text = ''
    let event: ServerEvent = {}
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      onActivity()
      // A trailing CR may be the first half of a CRLF.
      const lines = (text + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/)
      text = lines.pop() ?? ''
      for (const line of lines) {
        if (line !== '') event = withLine(event, line)
        else {
          yield event
          event = {}
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

function withLine(event: ServerEvent, line: string): ServerEvent {
  const [, name, value = ''] = /^([^:]*)(?::\x20?(.*))?$/s.exec(line) ?? []
  if (name === 'id') return { ...event, id: value }
  if (name !== 'data') return event
  return { ...event, data: event.data === undefined ? value : `${event.data}\n${value}` }
}
