import http from 'node:http'

export interface Sent {
  method: string
  path: string
  headers: Record<string, string>
  body?: string
}

export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  text: string
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 8 })

/**
 * Sends a request exactly as given and follows no redirect. Throws if the server closes the connection. Of a streamed
 * response only the first chunk is returned.
 */
export function send(
  origin: string,
  { method, path, headers, body }: Sent,
  { stream = false }: { stream?: boolean } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const request = http.request(
      { hostname, port, method, path, headers: { ...headers, ...length }, agent, timeout: 30_000 },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        const finish = () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
        }
        if (stream && response.statusCode === 200) {
          response.once('data', () => {
            finish()
            request.destroy()
          })
        }
        response.on('error', reject)
        response.on('end', finish)
      },
    )
    request.on('timeout', () => request.destroy(new Error('no answer within 30 s')))
    request.on('error', reject)
    request.end(body)
  })
}
