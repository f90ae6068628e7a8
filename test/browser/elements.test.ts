import { TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Example, startExample } from '../stage/example.ts'
import { executablePath, launchBrowser } from './launch.ts'
import { type Device, Visitor } from './visitor.ts'

const devices: Device[] = [
  { name: 'elements-phone', width: 360, height: 740, script: true, locale: 'en' },
  { name: 'elements-desktop', width: 1280, height: 800, script: true, locale: 'en' },
]
const [password, second] = ['correct-Horse-7-battery', 'another-Horse-8-battery']

describe.skipIf(!executablePath)('the example with Ory Elements', () => {
  let browser: Browser
  let example: Example

  beforeAll(async () => {
    example = await startExample('elements-react')
    browser = await launchBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await example?.stop()
  })

  it.each(devices.map((device) => [device.name, device] as const))('on an %s', async (_, device) => {
    const visitor = await Visitor.arrive(browser, device, example.origin)
    try {
      await live(visitor, `${device.name}@example.org`)
    } finally {
      await visitor.leave()
    }
  })
})

/** Signs up, verifies, adds a second factor and a passkey, signs in with each of them, and recovers the account. */
async function live(visitor: Visitor, address: string) {
  const { page } = visitor
  const codes: string[] = []
  await visitor.open('/')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await button(page, 'password').waitFor()
  await page.getByTestId('ory/screen/login/action/register').click()
  await page.locator('[name="traits.email"]').fill(address)
  await button(page, 'profile').click()
  await page.getByTestId('ory/form/auth-picker/password').click()
  await page.locator('[name="password"]').fill('password')
  await button(page, 'password').click()
  // A refused password is shown in place.
  await page.getByTestId('ory/message/4000034').waitFor()
  await page.locator('[name="password"]').fill(password)
  await button(page, 'password').click()
  await isSignedIn(page, address, 'aal1')

  await verify(visitor, address, codes)
  const secret = await addAuthenticatorApp(visitor)
  await isSignedIn(await home(visitor), address, 'aal2')

  await signOut(page)
  await signInWithPassword(page, address, password)
  await page.locator('[name="totp_code"]').fill('000000')
  await button(page, 'totp').click()
  await page.getByTestId('ory/message/4000008').waitFor()
  await page.locator('[name="totp_code"]').fill(new TOTP({ secret }).generate())
  await button(page, 'totp').click()
  await isSignedIn(page, address, 'aal2')

  const device = await visitor.plugIn({ transport: 'internal', hasUserVerification: true })
  await visitor.open('/settings')
  await page.getByTestId('ory/form/node/button/passkey_register_trigger').click()
  await page.locator('[name="passkey_remove"]').waitFor()
  expect(await device.keys()).toHaveLength(1)
  await removeAuthenticatorApp(page)
  // The authenticator accepts at once what the browser suggests.
  await (await home(visitor)).getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(/\/login/)
  await isSignedIn(page, address, 'aal1')
  await device.unplug()
  await signOut(page)

  await recover(visitor, address, codes)
  await signOut(await home(visitor))
  await signInWithPassword(page, address, second)
  await isSignedIn(page, address, 'aal1')
}

const button = (page: Page, method: string) => page.locator(`button[name="method"][value="${method}"]`)

async function isSignedIn(page: Page, address: string, aal: string) {
  await page.getByTestId('email').waitFor()
  expect(await page.getByTestId('email').textContent()).toBe(address)
  expect(await page.getByTestId('aal').textContent()).toBe(aal)
}

async function home(visitor: Visitor): Promise<Page> {
  await visitor.open('/')
  return visitor.page
}

async function signOut(page: Page) {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await button(page, 'password').waitFor()
}

async function signInWithPassword(page: Page, address: string, secret: string) {
  await page.locator('[name="identifier"]').fill(address)
  await page.locator('[name="password"]').fill(secret)
  await button(page, 'password').click()
}

async function enterCode(page: Page, code: string) {
  await page.locator('[name="code"]').first().fill(code)
  const submit = page.locator('button[name="method"][value="code"]')
  if (await submit.isVisible()) await submit.click()
}

async function verify(visitor: Visitor, address: string, codes: string[]) {
  const { page } = visitor
  // The code of the sign-up itself is older.
  await visitor.codeFor(address, codes)
  await visitor.open('/verification')
  await page.locator('[name="email"]').fill(address)
  await button(page, 'code').click()
  await page.locator('[name="code"]').first().waitFor()
  await enterCode(page, await visitor.codeFor(address, codes))
  await page.getByTestId('ory/message/1080002').waitFor()
}

async function addAuthenticatorApp(visitor: Visitor): Promise<string> {
  const { page } = visitor
  await visitor.open('/settings')
  const secret = await page.locator('[name="totp_secret_key"]').inputValue()
  await page.locator('[name="totp_code"]').fill(new TOTP({ secret }).generate())
  await button(page, 'totp').click()
  await page.locator('[name="totp_unlink"]').waitFor()
  return secret
}

async function removeAuthenticatorApp(page: Page) {
  await page.locator('[name="totp_unlink"]').click()
  await page.locator('[name="totp_secret_key"]').waitFor()
}

async function recover(visitor: Visitor, address: string, codes: string[]) {
  const { page } = visitor
  await page.getByTestId('ory/screen/login/action/recover-account').click()
  await page.locator('[name="email"]').fill(address)
  await button(page, 'code').click()
  await page.locator('[name="code"]').first().waitFor()
  await enterCode(page, await visitor.codeFor(address, codes))
  await page.waitForURL(/\/settings/)
  await page.locator('[name="password"]').fill(second)
  await button(page, 'password').click()
  await page.getByTestId('ory/message/1050001').waitFor()
}
