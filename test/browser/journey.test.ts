import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Latchkey, startDev } from '../stage/latchkey.ts'
import { executablePath, launchBrowser } from './launch.ts'
import { type Device, Visitor } from './visitor.ts'

const phone = { width: 360, height: 740 }
const desktop = { width: 1280, height: 800 }
const devices: Device[] = [
  { name: 'phone', ...phone, script: true, locale: 'en' },
  { name: 'desktop', ...desktop, script: true, locale: 'en' },
  { name: 'phone', ...phone, script: false, locale: 'en' },
  { name: 'desktop', ...desktop, script: false, locale: 'en' },
]

describe.skipIf(!executablePath)('a person with a browser', () => {
  let browser: Browser
  let server: Latchkey

  beforeAll(async () => {
    server = await startDev()
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  it.each(devices.map((device) => [`${device.name}, ${device.script ? 'with' : 'without'} script`, device] as const))(
    'signs up, verifies, signs out, recovers and changes password and address (%s)',
    async (_, device) => {
      const visitor = await Visitor.arrive(browser, device, server.public)
      try {
        expect(await journey(visitor, `${device.name}-${device.script}`)).toEqual([])
      } finally {
        await visitor.leave()
      }
    },
  )

  it('gets German pages if the browser prefers German', async () => {
    const visitor = await Visitor.arrive(
      browser,
      { name: 'german', ...phone, script: true, locale: 'de-DE' },
      server.public,
    )
    await visitor.open('/self-service/login/browser')
    expect(await visitor.page.locator('html').getAttribute('lang')).toBe('de')
    expect(await visitor.page.getByRole('heading', { level: 1 }).textContent()).toBe('Anmelden')
    expect(await visitor.look('sign-in')).toEqual([])
    await visitor.leave()
  })

  it('can navigate back and reload during a sign-up', async () => {
    const visitor = await Visitor.arrive(
      browser,
      { name: 'back', ...desktop, script: true, locale: 'en' },
      server.public,
    )
    await visitor.open('/self-service/registration/browser')
    await visitor.page.reload()
    await visitor.open('/self-service/login/browser')
    await visitor.page.goBack()
    await visitor.submit({ 'traits.email': 'back@example.org', password: 'correct-Horse-7-battery' }, 'password')
    await visitor.open('/ui/settings')
    expect(await visitor.field('traits.email').inputValue()).toBe('back@example.org')
    await visitor.leave()
  })

  it('is redirected to a new flow by an old link', async () => {
    const visitor = await Visitor.arrive(
      browser,
      { name: 'old', ...desktop, script: true, locale: 'en' },
      server.public,
    )
    await visitor.open('/ui/login?flow=11111111-1111-4111-8111-111111111111')
    await visitor.field('identifier').waitFor()
    expect(await visitor.look('sign-in-anew')).toEqual([])
    await visitor.leave()
  })
})

/** Runs the complete journey; returns the faults of all visited pages. */
async function journey(visitor: Visitor, who: string): Promise<string[]> {
  const address = `${who}@example.org`
  const moved = `${who}-moved@example.org`
  const [first, second] = ['correct-Horse-7-battery', 'another-Fine-9-secret']
  const { page } = visitor
  const faults: string[] = []
  const codes: string[] = []
  const look = async (name: string) => void faults.push(...(await visitor.look(name)))

  await visitor.open('/')
  await look('welcome')
  await visitor.press(page.getByRole('link', { name: 'Sign up' }).first())
  await look('sign-up')
  await visitor.submit({ 'traits.email': address, password: '1234' }, 'password')
  await look('sign-up-refused')
  expect(await page.locator('[aria-invalid="true"]').count()).toBeGreaterThan(0)
  await visitor.submit({ 'traits.email': address, password: first }, 'password')

  await confirm(visitor, address, codes, look)
  await visitor.open('/ui/settings')
  await look('settings')
  expect(await page.getByText('Confirmed', { exact: true }).count()).toBeGreaterThan(0)

  await signOut(visitor, look)
  await visitor.open('/self-service/login/browser')
  await visitor.submit({ identifier: address, password: 'not-the-right-one' }, 'password')
  await look('sign-in-refused')
  expect(await page.getByRole('alert').count()).toBeGreaterThan(0)

  await visitor.press(page.getByRole('link', { name: 'Forgot your password?' }))
  await look('recovery')
  await visitor.submit({ email: address }, 'code')
  await look('recovery-code')
  const code = await visitor.codeFor(address, codes)
  await visitor.submit({ code: `${code.slice(0, 3)} ${code.slice(3)}` }, 'code')
  await look('recovered')
  await visitor.submit({ password: second }, 'password')
  await look('password-changed')

  await visitor.open('/ui/settings')
  await visitor.submit({ 'traits.email': moved }, 'profile')
  await look('address-changed')
  await visitor.open('/ui/settings')
  expect(await visitor.field('traits.email').inputValue()).toBe(moved)
  await visitor.open('/ui/sessions')
  await look('devices')

  await signOut(visitor, look)
  await visitor.open('/self-service/login/browser')
  await look('sign-in')
  await visitor.submit({ identifier: moved, password: second }, 'password')
  await visitor.open('/ui/settings')
  expect(await visitor.field('traits.email').inputValue()).toBe(moved)
  await visitor.open('/dev/mailbox')
  await look('mailbox')
  await visitor.press(page.getByRole('link').filter({ hasText: address }).first())
  await look('mail')
  await visitor.open('/ui/error?id=11111111-1111-4111-8111-111111111111')
  await look('error')
  return faults
}

/** Enters the emailed code, on the page after a sign-up or on that of a requested verification. */
async function confirm(visitor: Visitor, address: string, codes: string[], look: (name: string) => Promise<void>) {
  const { page } = visitor
  if (!page.url().includes('/verification')) {
    await visitor.open('/ui/settings')
    await visitor.press(page.getByRole('link', { name: 'Confirm now' }))
    await visitor.codeFor(address, codes)
    await visitor.submit({ email: address }, 'code')
  }
  await look('verification')
  await page.reload()
  await visitor.submit({ code: '000000' }, 'code')
  await look('verification-refused')
  await visitor.submit({ code: await visitor.codeFor(address, codes) }, 'code')
  await look('verified')
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Address confirmed')
}

async function signOut(visitor: Visitor, look: (name: string) => Promise<void>): Promise<void> {
  const { page } = visitor
  await visitor.open('/ui/settings')
  await visitor.press(page.getByRole('link', { name: 'Sign out' }).first())
  if (await page.getByRole('heading', { name: 'Sign out?' }).count()) {
    await look('sign-out')
    await visitor.press(
      page
        .getByRole('link', { name: 'Sign out' })
        .or(page.getByRole('button', { name: 'Sign out' }))
        .first(),
    )
  }
  await look('signed-out')
  await visitor.open('/ui/settings')
  expect(page.url()).toMatch(/\/login/)
}
