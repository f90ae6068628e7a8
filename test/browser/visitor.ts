import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { root } from '../stage/latchkey.ts'

export interface Device {
  name: string
  width: number
  height: number
  script: boolean
  locale: string
}

/** An authenticator of a browser. */
export interface Authenticator {
  keys(): Promise<readonly unknown[]>
  /** Whether it answers what it is asked, as if somebody touched it. */
  answers(enabled: boolean): Promise<void>
  unplug(): Promise<void>
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const shots = join(root, 'artefacts', 'browser')

/** A simulated user with a browser, who uses the pages and checks each of them for faults. */
export class Visitor {
  readonly page: Page
  private readonly context: BrowserContext
  private readonly device: Device
  private readonly origin: string
  private readonly refused: string[] = []
  private seen = 0

  private constructor(context: BrowserContext, page: Page, device: Device, origin: string) {
    this.context = context
    this.page = page
    this.device = device
    this.origin = origin
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) this.refused.push(message.text())
    })
    page.on('pageerror', (error) => this.refused.push(error.message))
  }

  static async arrive(browser: Browser, device: Device, origin: string): Promise<Visitor> {
    await mkdir(shots, { recursive: true })
    const { width, height, script, locale } = device
    const viewport = { width, height }
    const touch = width < 600 ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {}
    const context = await browser.newContext({ viewport, locale, javaScriptEnabled: script, ...touch })
    context.setDefaultTimeout(20_000)
    return new Visitor(context, await context.newPage(), device, origin)
  }

  leave(): Promise<void> {
    return this.context.close()
  }

  async open(path: string): Promise<void> {
    await this.page.goto(this.origin + path)
  }

  field(name: string): Locator {
    return this.page.locator(`[name="${name}"]:visible`).first()
  }

  /** Fills in the fields by name, then clicks the button of a method. */
  async submit(values: Record<string, string>, method: string): Promise<void> {
    for (const [name, value] of Object.entries(values)) await this.field(name).fill(value)
    const names = Object.keys(values)
    const forms = names.length > 0 ? this.page.locator('form', { has: this.field(names[0] as string) }) : this.page
    // For a button without a name, the form contains the method as a hidden field.
    const named = forms.locator(`button[name="method"][value="${method}"]`)
    await this.press(named.or(forms.locator('button[type="submit"]:not([name])')).first())
  }

  /** Clicks an element that navigates, and waits until the next page has loaded. */
  async press(target: Locator): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), target.click()])
  }

  /** Returns the faults of the current page, and saves a screenshot. */
  async look(name: string): Promise<string[]> {
    this.seen += 1
    const { name: device, script } = this.device
    const file = `${device}${script ? '' : '-no-script'}-${String(this.seen).padStart(2, '0')}-${name}.png`
    await this.page.screenshot({ path: join(shots, file), fullPage: true })
    const faults = [...this.refused.splice(0)]
    const { sideways, untitled } = await this.page.evaluate<{ sideways: boolean; untitled: boolean }>(`({
      sideways: document.documentElement.scrollWidth > document.documentElement.clientWidth,
      untitled: document.title === '' || document.querySelectorAll('h1').length !== 1,
    })`)
    if (sideways) faults.push('the page scrolls sideways')
    if (untitled) faults.push('the page has no title or not exactly one heading')
    if (script)
      faults.push(
        ...(await this.page.evaluate<string[]>(`(async () => { const module = undefined; ${axe}; ${wcag} })()`)),
      )
    return faults.map((fault) => `${name}: ${fault}`)
  }

  /** Signs out with the link of the account pages. */
  async signOut(): Promise<void> {
    await this.open('/ui/logout')
    await this.press(this.page.getByRole('button', { name: 'Sign out' }).first())
  }

  /** Connects an authenticator to the browser (WebDriver extension of WebAuthn, section 11, by the DevTools protocol). */
  async plugIn(options: { transport: 'internal' | 'usb'; hasUserVerification: boolean }): Promise<Authenticator> {
    const devtools = await this.context.newCDPSession(this.page)
    await devtools.send('WebAuthn.enable')
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...options,
        protocol: 'ctap2',
        hasResidentKey: options.transport === 'internal',
        isUserVerified: options.hasUserVerification,
        automaticPresenceSimulation: true,
      },
    })
    return {
      keys: async () => (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
      answers: async (enabled) =>
        void (await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })),
      unplug: async () => void (await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })),
    }
  }

  /** Reads the newest code for a recipient that is not in `known` from the mailbox page, in a separate tab. */
  async codeFor(address: string, known: string[]): Promise<string> {
    const tab = await this.context.newPage()
    try {
      for (const until = Date.now() + 20_000; Date.now() < until; ) {
        await tab.goto(`${this.origin}/dev/mailbox`)
        const rows = await tab.getByRole('link').filter({ hasText: address }).allInnerTexts()
        const codes = rows.map((row) => row.match(/(?<!\d)\d{6}(?!\d)/)?.[0])
        const code = codes.find((one) => one !== undefined && !known.includes(one))
        if (code) {
          known.push(code)
          return code
        }
      }
      throw new Error(`no code for ${address} in the mailbox`)
    } finally {
      await tab.close()
    }
  }
}

const wcag = `
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  const { violations, passes } = await axe.run(document, { runOnly: tags })
  if (passes.length < 8) return ['axe checked nothing']
  return violations.map((rule) => rule.id + ': ' + rule.nodes.map((node) => node.html).join(' '))
`
