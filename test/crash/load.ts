import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import type { Latchkey } from '../stage/latchkey.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever was answered
  readonly body: any
}

/** What clients saw who create identities and read them again, through kept-alive connections to all nodes. */
export interface Load {
  /** The ids of the identities whose creation was answered 201. */
  readonly acknowledged: ReadonlySet<string>
  readonly answers: readonly Answer[]
  /** Errors of connections that had been established, such as a reset. */
  readonly broken: readonly string[]
  /** Ends the clients after the requests in progress. */
  stop(): Promise<void>
}

export function startLoad(nodes: () => readonly Pick<Latchkey, 'admin'>[], { clients = 8 } = {}): Load {
  const acknowledged = new Set<string>()
  const answers: Answer[] = []
  const broken: string[] = []
  let isOver = false
  const client = async (number: number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ask = async (at: number, method: string, path: string, json?: object): Promise<Answer | undefined> => {
      const all = nodes()
      const node = all[at % all.length]
      if (!node) return undefined
      try {
        const answer = await send(node.admin + path, { method, json, agent })
        answers.push(answer)
        return answer
      } catch (error) {
        const { code = '', message } = error as NodeJS.ErrnoException
        // A node that does not listen is one that clients do not choose.
        if (code !== 'ECONNREFUSED') broken.push(`${method} ${path.slice(0, 20)}: ${code} ${message}`)
        return undefined
      }
    }
    for (let turn = 0; !isOver; turn++) {
      const traits = { email: `load-${number}-${turn}-${Math.random()}@example.org` }
      const created = await ask(number + turn, 'POST', '/admin/identities', { schema_id: 'person', traits })
      if (created?.status !== 201) continue
      acknowledged.add(created.body.id)
      await ask(number + turn + 1, 'GET', `/admin/identities/${created.body.id}`)
    }
    agent.destroy()
  }
  const all = Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
  return {
    acknowledged,
    answers,
    broken,
    async stop() {
      isOver = true
      await all
    },
  }
}

export interface Sent {
  method?: string
  json?: object | undefined
  agent?: Agent
  headers?: Record<string, string>
}

const answerMs = 10_000

/** Sends one request; rejects where there is no answer. */
export function send(url: string, { method = 'GET', json, agent, headers }: Sent = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method, agent, headers: { ...(json && { 'content-type': 'application/json' }), ...headers } }
    const sent = request(url, options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('error', reject)
      response.on('end', () => {
        const isJson = /^[[{]/.test(text)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: isJson ? JSON.parse(text) : text })
      })
    })
    sent.setTimeout(answerMs, () => sent.destroy(new Error(`no answer within ${answerMs} ms`)))
    sent.on('error', reject)
    sent.end(json && JSON.stringify(json))
  })
}
