import { existsSync } from 'node:fs'
import { aptInstall, type Prepared } from './prepared.ts'

const places = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** The path of Chromium: an installed one, otherwise the Debian package. */
export async function findChromium(): Promise<Prepared<string>> {
  const installed = places.find((place) => place && existsSync(place))
  if (installed) return { found: installed }
  const installs = await aptInstall('chromium', 'fonts-liberation')
  if (installs && existsSync('/usr/bin/chromium')) return { found: '/usr/bin/chromium' }
  return { missing: 'no Chromium is installed and none could be installed (CHROMIUM_PATH names one)' }
}
