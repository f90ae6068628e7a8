import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Latchkey, startDev } from '../stage/latchkey.ts'
import { executablePath, launchBrowser } from './launch.ts'
import { type Device, Visitor } from './visitor.ts'

const password = 'a lantern at the pier'
const devices: Device[] = [
  { name: 'work-phone', width: 360, height: 740, script: true, locale: 'de' },
  { name: 'work-desktop', width: 1280, height: 800, script: true, locale: 'en' },
]
const unscripted: Device[] = [
  { name: 'work-phone', width: 360, height: 740, script: false, locale: 'en' },
  { name: 'work-desktop', width: 1280, height: 800, script: false, locale: 'de' },
]

/** Lets the page compute nothing until it is told to: its turns end at once, and none follows. */
const hold = `
  const held = []
  const { setTimeout: later } = window
  const now = performance.now.bind(performance)
  let isHeld = true
  performance.now = () => (isHeld ? Infinity : now())
  window.setTimeout = (run, ms, ...more) => (isHeld && ms === undefined ? held.push(run) : later(run, ms, ...more))
  window.compute = () => {
    isHeld = false
    for (const run of held.splice(0)) run()
  }
`

describe.skipIf(!executablePath)('a form with a proof of work', () => {
  let browser: Browser
  let server: Latchkey

  beforeAll(async () => {
    server = await startDev({
      SECURITY_ATTEMPTS_PER_ACCOUNT: '10',
      SECURITY_PROOF_OF_WORK_ENABLED: 'true',
    })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  /** Somebody else guesses at an account that a visitor has, until a proof of work is demanded. */
  async function guessed(visitor: Visitor, email: string): Promise<void> {
    await visitor.open('/self-service/login/browser')
    for (let i = 0; i < 2; i++) await visitor.submit({ identifier: email, password: 'wrong' }, 'password')
  }

  async function signedUp(device: Device): Promise<string> {
    const email = `${device.name}-${device.script}@pier.example`
    const visitor = await Visitor.arrive(browser, device, server.public)
    await visitor.open('/self-service/registration/browser')
    await visitor.submit({ 'traits.email': email, password }, 'password')
    await visitor.leave()
    return email
  }

  it.each(devices)('is sent at once when the solution is there ($name)', async (device) => {
    const email = await signedUp(device)
    const visitor = await Visitor.arrive(browser, device, server.public)
    const { page } = visitor
    try {
      await page.addInitScript(hold)
      await guessed(visitor, email)
      await page.getByRole('progressbar').waitFor()
      await visitor.field('password').fill(password)
      await page.locator('button[value="password"]').click()
      // The form waits, and then goes on by itself.
      const faults = await visitor.look('computing')
      await Promise.all([page.waitForEvent('load'), page.evaluate('window.compute()')])
      await visitor.open('/ui/sessions')
      expect(await page.getByText(email).count()).toBeGreaterThan(0)
      expect(faults).toEqual([])
    } finally {
      await visitor.leave()
    }
  })

  it.each(unscripted)('says without JavaScript what to do ($name)', async (device) => {
    const email = await signedUp(device)
    const visitor = await Visitor.arrive(browser, device, server.public)
    try {
      await guessed(visitor, email)
      expect(await visitor.page.locator('.captcha').textContent()).toMatch(/JavaScript/)
      const faults = await visitor.look('demanded')
      await visitor.submit({ identifier: email, password }, 'password')
      expect(await visitor.page.locator('#messages').textContent()).toMatch(/security check|Sicherheitsprüfung/)
      expect([...faults, ...(await visitor.look('refused'))]).toEqual([])
    } finally {
      await visitor.leave()
    }
  })
})
