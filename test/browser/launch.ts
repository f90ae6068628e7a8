import { type Browser, type BrowserContext, chromium } from 'playwright-core'

/** The path of Chromium; undefined if there is none. */
export const executablePath = process.env.LATCHKEY_TEST_CHROMIUM

const args = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
]

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args })
}

/** Launches a browser with a profile in a folder, for what private windows cannot do. */
export function launchProfile(folder: string, more: readonly string[]): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { executablePath, args: [...args, ...more] })
}
