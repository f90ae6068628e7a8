import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Latchkey, startDev } from '../stage/latchkey.ts'
import { executablePath, launchBrowser } from './launch.ts'
import { type Device, Visitor } from './visitor.ts'

const devices: Device[] = [
  { name: 'key-phone', width: 360, height: 740, script: true, locale: 'en' },
  { name: 'key-desktop', width: 1280, height: 800, script: true, locale: 'en' },
]
const password = 'correct-Horse-7-battery'

describe.skipIf(!executablePath)('a person with passkeys and security keys', () => {
  let browser: Browser
  let server: Latchkey

  beforeAll(async () => {
    server = await startDev({ SELFSERVICE_METHODS_PASSKEY_CONFIG_UPGRADE_UI_URL: '/ui/passkey' })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  it.each(devices.map((device) => [device.name, device] as const))('on a %s', async (_, device) => {
    const visitor = await Visitor.arrive(browser, device, server.public)
    try {
      expect(await withPasskey(visitor, `${device.name}@example.org`)).toEqual([])
      expect(await withSecurityKey(visitor, `${device.name}-second@example.org`)).toEqual([])
      expect(await withPassword(visitor, `${device.name}-third@example.org`)).toEqual([])
    } finally {
      await visitor.leave()
    }
  })
})

const trigger = (visitor: Visitor, name: string) => visitor.page.locator(`[data-trigger="${name}"]`)

/** Signs up with a passkey, signs in with the button, then by a suggestion of the browser, and manages passkeys. */
async function withPasskey(visitor: Visitor, address: string): Promise<string[]> {
  const { page } = visitor
  const faults: string[] = []
  const look = async (name: string) => void faults.push(...(await visitor.look(name)))
  const device = await visitor.plugIn({ transport: 'internal', hasUserVerification: true })

  await visitor.open('/self-service/registration/browser')
  await look('sign-up-with-passkey')
  await trigger(visitor, 'oryPasskeyRegistration').click()
  // Without an address the device is not asked.
  expect(await device.keys()).toHaveLength(0)
  await visitor.field('traits.email').fill(address)
  await visitor.press(trigger(visitor, 'oryPasskeyRegistration'))
  expect(await device.keys()).toHaveLength(1)

  await visitor.signOut()
  await device.answers(false)
  await visitor.open('/self-service/login/browser')
  await look('sign-in-with-passkey')
  await device.answers(true)
  await visitor.press(trigger(visitor, 'oryPasskeyLogin'))
  await visitor.open('/ui/settings')
  expect(await visitor.field('traits.email').inputValue()).toBe(address)

  await visitor.signOut()
  // The authenticator accepts at once what the browser suggests.
  await visitor.open('/self-service/login/browser').catch(() => undefined)
  await page.waitForURL(({ pathname }) => !/login/.test(pathname))
  await visitor.open('/ui/settings')
  await look('settings-with-passkey')
  expect(await page.locator('[name="passkey_remove"]').count()).toBe(1)
  await trigger(visitor, 'oryPasskeySettingsRegistration').click()
  await page.locator('[data-key-failure="InvalidStateError"]:visible').waitFor()
  await look('passkey-known')
  await device.unplug()
  faults.push(...(await signals(visitor)))
  await visitor.signOut()
  return faults
}

/** Password managers are told of the passkey that is there, and then that it is not. */
async function signals(visitor: Visitor): Promise<string[]> {
  const { page } = visitor
  const other = await visitor.plugIn({ transport: 'internal', hasUserVerification: true })
  const told: { name: string; credentialId?: string; allAcceptedCredentialIds?: string[] }[] = []
  await page.exposeFunction('tell', (name: string, details: object) => void told.push({ ...details, name }))
  await page.addInitScript(`
    for (const name of ['signalUnknownCredential', 'signalAllAcceptedCredentials', 'signalCurrentUserDetails'])
      PublicKeyCredential[name] = (details) => window.tell(name, details)
  `)
  const accepted = () =>
    told.findLast(({ name }) => name === 'signalAllAcceptedCredentials')?.allAcceptedCredentialIds ?? []
  await visitor.open('/ui/settings')
  await expect.poll(() => accepted().length).toBe(1)
  await visitor.press(trigger(visitor, 'oryPasskeySettingsRegistration'))
  await expect.poll(() => accepted().length).toBe(2)
  const removal = page.locator('[name="passkey_remove"]').first()
  const hex = (await removal.getAttribute('value')) ?? ''
  await visitor.press(removal)
  await expect.poll(() => accepted().length).toBe(1)
  const unknown = told.find(({ name }) => name === 'signalUnknownCredential')?.credentialId ?? ''
  await other.unplug()
  const isTold = unknown === Buffer.from(hex, 'hex').toString('base64url') && !accepted().includes(unknown)
  return isTold ? [] : [`passkeys were signalled as ${JSON.stringify(told)}`]
}

/** Adds a security key as a second factor, steps up with it at the next sign-in, and removes it. */
async function withSecurityKey(visitor: Visitor, address: string): Promise<string[]> {
  const { page } = visitor
  const faults: string[] = []
  const look = async (name: string) => void faults.push(...(await visitor.look(name)))
  const key = await visitor.plugIn({ transport: 'usb', hasUserVerification: false })
  await visitor.open('/self-service/registration/browser')
  await visitor.submit({ 'traits.email': address, password }, 'password')

  await visitor.open('/ui/settings')
  await trigger(visitor, 'oryWebAuthnRegistration').click()
  // Without a name the key is not asked for.
  expect(await key.keys()).toHaveLength(0)
  await visitor.field('webauthn_register_displayname').fill('Blue key')
  await visitor.press(trigger(visitor, 'oryWebAuthnRegistration'))
  expect(await key.keys()).toHaveLength(1)
  await look('settings-with-key')
  expect(await page.locator('.keys').textContent()).toContain('Blue key')

  await visitor.signOut()
  await visitor.open('/self-service/login/browser')
  await visitor.submit({ identifier: address, password }, 'password')
  await look('second-factor-key')
  await visitor.press(trigger(visitor, 'oryWebAuthnLogin'))
  await visitor.open('/ui/settings')

  await visitor.field('webauthn_register_displayname').press('Enter')
  expect(await page.locator('[name="webauthn_remove"]').count()).toBe(1)
  await visitor.press(page.locator('[name="webauthn_remove"]'))
  expect(await page.locator('[name="webauthn_remove"]').count()).toBe(0)
  await key.unplug()
  await visitor.signOut()
  return faults
}

/**
 * Signs in with a password, with a browser that cannot make passkeys without a question, then with one that can: in
 * these headless browsers, its functions are replaced by ones that ask the authenticator.
 */
async function withPassword(visitor: Visitor, address: string): Promise<string[]> {
  const { page } = visitor
  const device = await visitor.plugIn({ transport: 'internal', hasUserVerification: true })
  await visitor.open('/self-service/registration/browser')
  await visitor.submit({ 'traits.email': address, password }, 'password')
  const signIn = async () => {
    await visitor.signOut()
    await device.answers(false)
    await visitor.open('/self-service/login/browser')
    await device.answers(true)
    await visitor.submit({ identifier: address, password }, 'password')
    await page.waitForURL(/\/ui\/sessions/)
  }
  await page.addInitScript('PublicKeyCredential.getClientCapabilities = async () => ({ conditionalCreate: false })')
  await signIn()
  expect(await device.keys()).toHaveLength(0)

  await page.addInitScript(`
    PublicKeyCredential.getClientCapabilities = async () => ({ conditionalCreate: true })
    const create = navigator.credentials.create.bind(navigator.credentials)
    navigator.credentials.create = ({ mediation, ...options }) =>
      mediation === 'conditional' ? create(options) : Promise.reject(new Error('the person would be asked'))
  `)
  await signIn()
  expect(await device.keys()).toHaveLength(1)
  await visitor.open('/ui/settings')
  expect(await page.locator('[name="passkey_remove"]').count()).toBe(1)
  await device.unplug()
  await visitor.signOut()
  return []
}
