import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCaptchaProvider } from '../../packages/server/test/captcha-provider.ts'
import { type Latchkey, startDev } from '../stage/latchkey.ts'
import { executablePath, launchBrowser } from './launch.ts'
import { type Device, Visitor } from './visitor.ts'

const devices: Device[] = [
  { name: 'captcha-phone', width: 360, height: 740, script: true, locale: 'de' },
  { name: 'captcha-desktop', width: 1280, height: 800, script: true, locale: 'en' },
]
const unscripted: Device = { name: 'captcha-phone', width: 360, height: 740, script: false, locale: 'en' }

/** The script of Turnstile with as much as the page uses: a box that somebody presses. */
const widget = `window.turnstile = {
  render(place, options) {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = 'I am a person'
    button.id = 'person'
    button.style.cssText = 'width:100%;min-height:65px'
    button.onclick = () => { button.disabled = true; options.callback(window.nextToken) }
    place.append(button)
    return options.action
  },
  reset() {},
}`

describe.skipIf(!executablePath)('a form with a captcha', () => {
  let browser: Browser
  let server: Latchkey
  let provider: Awaited<ReturnType<typeof openCaptchaProvider>>

  beforeAll(async () => {
    provider = await openCaptchaProvider({ secret: 'secret' })
    server = await startDev({
      SELFSERVICE_METHODS_CAPTCHA_ENABLED: 'true',
      SELFSERVICE_METHODS_CAPTCHA_CONFIG_CF_TURNSTILE: JSON.stringify({ sitekey: 'site', secret: 'secret' }),
      SELFSERVICE_METHODS_CAPTCHA_CONFIG_VERIFY_URL: provider.url,
    })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await provider?.close()
  })

  /** A visitor whose browser gets this script of the provider, or none. */
  async function arrive(device: Device, script: string | undefined) {
    const visitor = await Visitor.arrive(browser, device, server.public)
    await visitor.page.route('https://challenges.cloudflare.com/**', (route) =>
      script === undefined ? route.abort() : route.fulfill({ contentType: 'text/javascript', body: script }),
    )
    return visitor
  }

  it.each(devices)('is sent once somebody has solved it, and again after a mistake ($name)', async (device) => {
    const faults: string[] = []
    const visitor = await arrive(device, widget)
    const { page } = visitor
    const newToken = () =>
      page.evaluate(
        `window.nextToken = ${JSON.stringify(provider.token({ hostname: new URL(server.public).hostname }))}`,
      )
    const email = `${device.name}@pier.example`
    try {
      await visitor.open('/self-service/registration/browser')
      await page.locator('#person').waitFor()
      faults.push(...(await visitor.look('sign-up')))
      await visitor.field('traits.email').fill(email)
      await visitor.field('password').fill('short')
      await newToken()
      // The form waits for the widget.
      await page.locator('button[value="password"]').click()
      await page.getByRole('status').filter({ hasText: /.+/ }).waitFor()
      faults.push(...(await visitor.look('waiting')))
      await visitor.press(page.locator('#person'))

      await page.locator('#person').waitFor()
      faults.push(...(await visitor.look('refused')))
      await visitor.field('password').fill('a lantern at the pier')
      await newToken()
      await page.locator('#person').click()
      await visitor.press(page.locator('button[value="password"]'))
      await visitor.open('/ui/sessions')
      expect(await page.getByText(email).count()).toBeGreaterThan(0)
      expect(await page.locator('#person').count()).toBe(0)
      expect(faults).toEqual([])
    } finally {
      await visitor.leave()
    }
  })

  it('says what to do where the script of the provider is blocked, and is still sent', async () => {
    const visitor = await arrive(devices[1] as Device, undefined)
    try {
      await visitor.open('/self-service/login/browser')
      await visitor.page
        .getByRole('status')
        .filter({ hasText: /content blocker/ })
        .waitFor()
      const faults = await visitor.look('blocked')
      await visitor.submit({ identifier: 'nobody@pier.example', password: 'wrong' }, 'password')
      expect(await visitor.page.locator('#messages').textContent()).toMatch(/security check/)
      expect(faults).toEqual([])
    } finally {
      await visitor.leave()
    }
  })

  it('says without JavaScript that it is needed', async () => {
    const visitor = await arrive(unscripted, widget)
    try {
      await visitor.open('/self-service/login/browser')
      expect(await visitor.page.locator('.captcha').first().textContent()).toMatch(/needs JavaScript/)
      expect(await visitor.look('sign-in')).toEqual([])
    } finally {
      await visitor.leave()
    }
  })
})
