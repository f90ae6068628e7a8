import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Body = Record<string, string>

/** What the provider says of a token: as JSON, as a status with a text, or nothing at all. */
export type Said = object | { status: number; text: string } | 'nothing'

/**
 * A provider of captchas on loopback that answers as Turnstile, hCaptcha and reCAPTCHA document it: a token is good
 * once, and only with the right secret.
 */
export async function openCaptchaProvider({ secret }: { secret: string }) {
  const tokens = new Map<string, object>()
  const asked: Body[] = []
  const state: { says: Said | undefined } = { says: undefined }
  let counter = 0

  function verdictOn({ secret: given, response = '' }: Body): object {
    if (given !== secret) return { success: false, 'error-codes': ['invalid-input-secret'] }
    const token = tokens.get(response)
    if (!token) return { success: false, 'error-codes': ['invalid-input-response'] }
    tokens.delete(response)
    return { success: true, challenge_ts: new Date().toISOString(), 'error-codes': [], ...token }
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const body = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')))
      asked.push(body)
      const said = state.says ?? verdictOn(body)
      if (said === 'nothing') return
      const { status, text } = 'text' in said ? said : { status: 200, text: JSON.stringify(said) }
      response.writeHead(status, { 'content-type': 'application/json' }).end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/siteverify`,
    /** What was asked. */
    asked,
    /** What it says in place of a verdict, such as an outage. */
    state,
    /** Makes a token as the widget does, with what the provider knows of it. */
    token(of: object = {}): string {
      const token = `token-${++counter}`
      tokens.set(token, { hostname: 'localhost', ...of })
      return token
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
