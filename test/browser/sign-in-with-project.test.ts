import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Latchkey, startDev } from '../stage/latchkey.ts'
import { executablePath, launchBrowser } from './launch.ts'
import { type RelyingParty, startRelyingParty } from './relying-party.ts'
import { type Device, Visitor } from './visitor.ts'

const devices: Device[] = [
  { name: 'sign-in-with-phone', width: 360, height: 740, script: true, locale: 'en' },
  { name: 'sign-in-with-desktop', width: 1280, height: 800, script: false, locale: 'en' },
  { name: 'sign-in-with-german', width: 1280, height: 800, script: true, locale: 'de-DE' },
]
const password = 'correct-Horse-7-battery'

describe.skipIf(!executablePath)('a person who signs in to an application with their project', () => {
  let browser: Browser
  let server: Latchkey & { token: string }
  let application: RelyingParty

  beforeAll(async () => {
    server = await startDev()
    application = await startRelyingParty(server.public, {
      token: server.token,
      client: {
        policy_uri: 'https://tides.example/privacy',
        tos_uri: 'https://tides.example/terms',
        skip_consent: false,
      },
    })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    application?.close()
    await server?.stop()
  })

  it.each(devices.map((device) => [device.name, device] as const))(
    'signs up, agrees, comes back, signs in again and signs out (%s)',
    async (_, device) => {
      const visitor = await Visitor.arrive(browser, device, server.public)
      const { page } = visitor
      const faults: string[] = []
      const look = async (name: string) => void faults.push(...(await visitor.look(name)))
      const said = () => page.locator('#said').textContent()
      const button = (name: string, value: string) => page.locator(`button[name="${name}"][value="${value}"]`)
      const email = `${device.name}@example.org`
      try {
        await page.goto(`${application.origin}/sign-in?prompt=registration`)
        await look('sign-up')
        await visitor.submit({ 'traits.email': email, password }, 'password')
        await look('verification')
        await visitor.submit({ code: await visitor.codeFor(email, []) }, 'code')
        await look('verified')
        await visitor.press(page.locator('main a.button-primary'))
        await look('consent')
        await visitor.press(button('decision', 'deny'))
        expect(await said()).toBe('Failed: access_denied')

        await page.goto(`${application.origin}/sign-in?prompt=login`)
        await look('sign-in-again')
        await visitor.submit({ identifier: email, password }, 'password')
        await page.locator('[name="remember"]').check()
        await look('consent-remembered')
        await visitor.press(button('decision', 'accept'))
        expect(await said()).toBe(`Welcome ${email}, verified`)

        await page.goto(`${application.origin}/sign-in`)
        expect(await said()).toBe(`Welcome ${email}, verified`)

        await page.goto(`${application.origin}/sign-out`)
        await look('sign-out')
        await visitor.press(page.locator('form button[type="submit"]').first())
        expect(await said()).toBe('You are signed out of Tide tables')
        await visitor.open('/ui/settings')
        expect(page.url()).toMatch(/\/login/)

        await page.goto(`${application.origin}/sign-in?prompt=none`)
        expect(await said()).toBe('Failed: login_required')
        await page.goto(`${application.origin}/sign-in`)
        await look('sign-in')
        await visitor.submit({ identifier: email, password }, 'password')
        expect(await said()).toBe(`Welcome ${email}, verified`)
        expect(faults).toEqual([])
      } finally {
        await visitor.leave()
      }
    },
  )
})
