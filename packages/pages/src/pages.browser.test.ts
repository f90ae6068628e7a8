import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pages } from '../test/fixtures.ts'
import { serveFixtures } from '../test/serve.ts'

const executablePath = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
  .filter((path) => path !== undefined)
  .find(existsSync)
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync']
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const slow = 60_000
/** Pages that together show every color. */
const inTheDark = [
  'login-wrong',
  'login-code-wrong',
  'registration-method',
  'verification-done',
  'settings-everything',
  'settings-saved',
  'sessions',
  'welcome',
  'mailbox',
  'mail',
  'error-security',
]

describe.skipIf(!executablePath)('pages in a browser', () => {
  let browser: Browser
  let site: Awaited<ReturnType<typeof serveFixtures>>

  beforeAll(async () => {
    site = await serveFixtures()
    browser = await chromium.launch({ executablePath, args: [...args, '--disable-background-networking'] })
  }, slow)

  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  it.each([
    { name: 'phone', width: 320, height: 640, colorScheme: 'light', locale: 'de', names: Object.keys(pages) },
    { name: 'desktop', width: 1280, height: 800, colorScheme: 'dark', locale: 'en', names: inTheDark },
  ] as const)(
    'meet WCAG 2.2 AA, fit the viewport and have large enough targets on a $name',
    async ({ width, height, names, ...surroundings }) => {
      const context = await browser.newContext({ viewport: { width, height }, ...surroundings })
      for (const name of names) expect(await faults(context, name), name).toEqual([])
      await context.close()
    },
    3 * slow,
  )

  it(
    'reveal and hide a password',
    async () => {
      const page = await open('login')
      const field = page.getByLabel('Password', { exact: true })
      await field.fill('correct horse')
      await page.getByRole('button', { name: 'Show password' }).click()
      expect(await field.getAttribute('type')).toBe('text')
      await page.getByRole('button', { name: 'Hide password' }).click()
      expect(await field.getAttribute('type')).toBe('password')
      await page.context().close()
    },
    slow,
  )

  it(
    'submit a form once if its button is clicked repeatedly',
    async () => {
      const page = await open('recovery')
      await page.route('**/self-service/**', (route) => route.fulfill({ status: 204 }))
      await page.getByLabel('Email').fill('ada@example.org')
      const posted = page.waitForRequest((request) => request.method() === 'POST')
      const submissions = await page.evaluate(() => {
        let passed = 0
        window.addEventListener('submit', (event) => {
          if (!event.defaultPrevented) passed++
        })
        for (let times = 0; times < 3; times++) document.querySelector<HTMLElement>('button[type=submit]')?.click()
        return passed
      })
      expect((await posted).postData()).toContain('email=ada%40example.org')
      expect(await page.locator('form').getAttribute('aria-busy')).toBe('true')
      expect(submissions).toBe(1)
      await page.context().close()
    },
    slow,
  )

  it(
    'work without script, and hide buttons that need it',
    async () => {
      const page = await open('login-many-methods', { javaScriptEnabled: false })
      expect(await page.getByRole('button', { name: 'Show password' }).count()).toBe(0)
      expect(await page.getByRole('button', { name: 'Use a passkey' }).count()).toBe(0)
      expect(await page.getByRole('button', { name: 'Sign in with a password' }).count()).toBe(1)
      await page.context().close()
    },
    slow,
  )

  it(
    'call the function that a button names as its trigger',
    async () => {
      const page = await open('login-many-methods')
      await page.evaluate(() => {
        Object.assign(window, { oryPasskeyLogin: () => document.body.setAttribute('data-started', 'yes') })
      })
      await page.getByRole('button', { name: 'Use a passkey' }).click()
      expect(await page.locator('body').getAttribute('data-started')).toBe('yes')
      await page.context().close()
    },
    slow,
  )

  async function open(name: string, options: { javaScriptEnabled?: boolean } = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'en', ...options })
    const page = await context.newPage()
    await page.goto(`${site.origin}/${name}`)
    return page
  }

  async function faults(context: BrowserContext, name: string): Promise<string[]> {
    const page = await context.newPage()
    const found: string[] = []
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) found.push(message.text())
    })
    await page.goto(`${site.origin}/${name}`)
    found.push(...(await page.evaluate<string[]>(`(async () => { const module = undefined; ${axe}; ${wcag} })()`)))
    found.push(...(await page.evaluate<string[]>(measure)))
    await page.close()
    return found
  }
})

const wcag = `
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const { violations, passes } = await axe.run(document, { runOnly: tags })
  if (passes.length < 10) return ['axe checked nothing']
  return violations.map((rule) => rule.id + ': ' + rule.nodes.map((node) => node.html).join(' '))
`

/** No horizontal scrolling, 44 px touch targets, and 16 px text in fields, so that phones do not zoom in on focus. */
const measure = `(() => {
  const found = []
  if (document.documentElement.scrollWidth > window.innerWidth) found.push('scrolls sideways')
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility())
  for (const element of shown('button, .input, a, summary, .tick')) {
    const inText = element.matches('.mail-text a')
    const height = element.getBoundingClientRect().height
    if (height < 44 && !inText && !element.matches('.skip')) found.push('only ' + height + ' px high: ' + element.outerHTML)
  }
  for (const field of shown('.input'))
    if (parseFloat(getComputedStyle(field).fontSize) < 16) found.push('small text: ' + field.name)
  return found
})()`
