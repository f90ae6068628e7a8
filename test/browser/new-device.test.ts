import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Latchkey, startDev } from '../stage/latchkey.ts'
import { executablePath, launchBrowser } from './launch.ts'
import { type Device, Visitor } from './visitor.ts'

const password = 'a lantern at the pier'
const devices: Device[] = [
  { name: 'new-phone', width: 360, height: 740, script: true, locale: 'en' },
  { name: 'new-desktop', width: 1280, height: 800, script: false, locale: 'en' },
]

describe.skipIf(!executablePath)('a sign-in on a new device', () => {
  let browser: Browser
  let server: Latchkey & { token: string }

  beforeAll(async () => {
    server = await startDev({ SECURITY_NEW_DEVICE_CODE_ENABLED: 'true' })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  /** Somebody with a password and a verified address. */
  async function imported(email: string): Promise<void> {
    const answer = await fetch(`${server.admin}/admin/identities`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${server.token}` },
      body: JSON.stringify({
        ...{ schema_id: 'person', traits: { email } },
        credentials: { password: { config: { password } } },
        verifiable_addresses: [{ value: email, via: 'email', verified: true, status: 'completed' }],
      }),
    })
    expect(answer.status).toBe(201)
  }

  it.each(devices)('needs a code once ($name)', async (device) => {
    const email = `${device.name}@pier.example`
    await imported(email)
    const visitor = await Visitor.arrive(browser, device, server.public)
    const { page } = visitor
    try {
      await visitor.open('/self-service/login/browser')
      await visitor.submit({ identifier: email, password }, 'password')
      const faults = await visitor.look('code')
      expect(await page.locator('[name="password"]').count()).toBe(0)
      await visitor.submit({ code: 'nothing' }, 'code')
      faults.push(...(await visitor.look('wrong')))
      await visitor.submit({ code: await visitor.codeFor(email, []) }, 'code')
      await visitor.open('/ui/sessions')
      expect(await page.getByText(email).count()).toBeGreaterThan(0)
      await visitor.signOut()
      await visitor.open('/self-service/login/browser')
      await visitor.submit({ identifier: email, password }, 'password')
      await visitor.open('/ui/sessions')
      expect(await page.getByText(email).count()).toBeGreaterThan(0)
      expect(faults).toEqual([])
    } finally {
      await visitor.leave()
    }
  })
})
