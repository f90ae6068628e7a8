import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCaptchaProvider } from '../../packages/server/test/captcha-provider.ts'
import { type Example, startExample } from '../stage/example.ts'
import { executablePath, launchBrowser } from './launch.ts'
import { type Device, Visitor } from './visitor.ts'

const device: Device = { name: 'elements-captcha', width: 360, height: 740, script: true, locale: 'en' }

/** The script of Turnstile with as much as Elements uses; it finds that a person is there by itself. */
const widget = `window.turnstile = {
  ready: (run) => run(),
  render(place, options) {
    window.rendered = options
    setTimeout(() => options.callback(window.takeToken()))
    return 'widget'
  },
  reset() { setTimeout(() => window.rendered.callback(window.takeToken())) },
  remove() {}, getResponse() {}, isExpired: () => false, execute() {},
}
window.onloadTurnstileCallback?.()`

describe.skipIf(!executablePath)('the example with Ory Elements and a captcha', () => {
  let browser: Browser
  let example: Example
  let provider: Awaited<ReturnType<typeof openCaptchaProvider>>

  beforeAll(async () => {
    provider = await openCaptchaProvider({ secret: 'secret' })
    const captcha = `captcha: { enabled: true, config: { verify_url: ${provider.url}, cf_turnstile: { sitekey: site, secret: secret } } }`
    example = await startExample('elements-react', (config) =>
      config.replace('profile: { enabled: true }', `profile: { enabled: true }\n          ${captcha}`),
    )
    browser = await launchBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await example?.stop()
    await provider?.close()
  })

  it('sends the token of Turnstile without further work', async () => {
    const visitor = await Visitor.arrive(browser, device, example.origin)
    const { page } = visitor
    try {
      await page.route('https://challenges.cloudflare.com/**', (route) =>
        route.fulfill({ contentType: 'text/javascript', body: widget }),
      )
      const tokens = Array.from({ length: 30 }, () => provider.token())
      await page.addInitScript(`const tokens = ${JSON.stringify(tokens)}; window.takeToken = () => tokens.shift()`)
      await visitor.open('/')
      await page.getByRole('link', { name: 'Sign in' }).click()
      await page.locator('button[value="password"]').waitFor()
      await page.locator('[name="identifier"]').fill('nobody@example.org')
      await page.locator('[name="password"]').fill('a lantern at the pier')
      await page.locator('button[value="password"]').click()
      // The password is judged, so that the token was accepted.
      await page.getByTestId('ory/message/4000006').waitFor()
      expect(await page.evaluate('window.rendered.action')).toBe('login')
      expect(provider.asked.at(-1)).toMatchObject({ response: expect.stringMatching(/^token-/) })
      expect(await visitor.look('refused')).toEqual([])
    } finally {
      await visitor.leave()
    }
  })
})
