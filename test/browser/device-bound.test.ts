import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Latchkey, root, startLatchkey } from '../stage/latchkey.ts'
import { freePort } from '../stage/port.ts'
import { executablePath, launchProfile } from './launch.ts'

const certificates = join(root, 'packages/server/test/certificates')
const schema = join(root, 'packages/server/src/configuration/person.schema.json')
const sessionCookie = 'ory_kratos_session'
const boundCookie = `${sessionCookie}_bound`

/** Chromium with keys in software, which Chrome keeps in hardware. */
describe.skipIf(!executablePath)('a browser that binds its session to its device', () => {
  let folder: string
  let server: Latchkey
  let context: BrowserContext
  let page: Page
  let port: number
  const origin = () => `https://auth.harbour.example:${port}`

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'latchkey-device-bound-'))
    port = await freePort()
    const kratos = join(folder, 'kratos.yml')
    await writeFile(kratos, configuration(origin(), { public: port, admin: await freePort() }))
    server = await startLatchkey({ kratos, ports: 'file' })
    const { publicKey } = new X509Certificate(await readFile(join(certificates, 'first.crt.pem')))
    const pin = createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64')
    context = await launchProfile(join(folder, 'profile'), [
      '--enable-features=DeviceBoundSessions,EnableBoundSessionCredentialsSoftwareKeysForManualTesting',
      `--ignore-certificate-errors-spki-list=${pin}`,
      '--host-resolver-rules=MAP * 127.0.0.1',
    ])
    page = context.pages()[0] ?? (await context.newPage())
  })
  afterAll(async () => {
    await context?.close()
    await server?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const cookieValue = async (name: string) => (await context.cookies(origin())).find((one) => one.name === name)?.value
  const whoami = () => page.evaluate(() => fetch('/sessions/whoami').then(({ status }) => status))

  /** The status of whoami for somebody who has copied the session cookie. */
  async function statusForThief(): Promise<number | undefined> {
    const cookie = `${sessionCookie}=${await cookieValue(sessionCookie)}`
    const call = request({ port, path: '/sessions/whoami', headers: { cookie }, rejectUnauthorized: false }).end()
    const [response] = await once(call, 'response')
    response.resume()
    return response.statusCode
  }

  it('registers, refreshes, and keeps a copied cookie from working', async () => {
    await page.goto(`${origin()}/health/alive`)
    expect(await page.evaluate(signUp, 'ada@harbour.example')).toBe(200)
    await expect.poll(() => cookieValue(boundCookie)).toBeDefined()
    expect(await whoami()).toBe(200)

    const first = await cookieValue(boundCookie)
    await context.clearCookies({ name: boundCookie })
    expect(await whoami()).toBe(200)
    expect([undefined, first]).not.toContain(await cookieValue(boundCookie))

    // A link on a page of another site.
    await context.clearCookies({ name: boundCookie })
    await page.goto(`https://other.example:${port}/health/alive`)
    const opened = page.waitForResponse((response) => response.url().endsWith('/sessions/whoami'))
    await page.evaluate((url) => location.assign(url), `${origin()}/sessions/whoami`)
    expect((await opened).status()).toBe(200)

    // As long as requests may be on their way after the registration.
    await expect.poll(statusForThief, { timeout: 45_000, interval: 500 }).toBe(401)
    expect(await whoami()).toBe(200)

    expect(await page.evaluate(signOut)).toBe(204)
    expect([await cookieValue(sessionCookie), await cookieValue(boundCookie), await whoami()]).toEqual([
      undefined,
      undefined,
      401,
    ])
  })
})

/** Runs in the page. */
async function signUp(email: string): Promise<number> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
  const flow = await fetch('/self-service/registration/browser', { headers }).then((answer) => answer.json())
  const isToken = (node: { attributes: { name: string } }) => node.attributes.name === 'csrf_token'
  const fields = { method: 'password', traits: { email }, password: 'a lantern at the pier' }
  const body = JSON.stringify({ ...fields, csrf_token: flow.ui.nodes.find(isToken).attributes.value })
  return (await fetch(`/self-service/registration?flow=${flow.id}`, { method: 'POST', headers, body })).status
}

/** Runs in the page. */
async function signOut(): Promise<number> {
  const headers = { accept: 'application/json' }
  const { logout_token } = await fetch('/self-service/logout/browser', { headers }).then((answer) => answer.json())
  return (await fetch(`/self-service/logout?token=${logout_token}`, { headers })).status
}

function configuration(origin: string, ports: { public: number; admin: number }): string {
  const file = (name: string) => join(certificates, name)
  return `dsn: memory
selfservice:
  default_browser_return_url: ${origin}/health/alive
  flows: { registration: { after: { password: { hooks: [{ hook: session }] } } } }
identity: { default_schema_id: person, schemas: [{ id: person, url: "file://${schema}" }] }
courier: { delivery_strategy: mailbox }
session: { device_bound: { enabled: true } }
serve:
  public:
    base_url: ${origin}/
    port: ${ports.public}
    tls: { cert: { path: ${file('first.crt.pem')} }, key: { path: ${file('first.key.pem')} } }
  admin: { port: ${ports.admin} }
`
}
