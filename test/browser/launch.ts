import { type Browser, chromium } from 'playwright-core'

/** The path of Chromium; undefined if there is none. */
export const executablePath = process.env.LATCHKEY_TEST_CHROMIUM

const args = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
]

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args })
}
