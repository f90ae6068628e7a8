import type { Language } from '../language.ts'
import type { Session } from '../page.ts'
import { word } from '../words.ts'

/** A readable name for the device of a session, from its latest User-Agent. */
export function deviceName(session: Session, language: Language): string {
  const agent = session.devices?.at(-1)?.user_agent ?? ''
  const browser = firstMatch(browsers, agent)
  const system = firstMatch(systems, agent)
  if (browser && system) return word(language, 'deviceOn', { browser, system })
  return browser ?? system ?? (agent.split(/[\s(;]/)[0]?.slice(0, 40) || word(language, 'unknownDevice'))
}

// User-Agents also contain the names of older browsers, so that the most specific name is matched first.
const browsers: [RegExp, string][] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(HeadlessChrome|Chrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]

const systems: [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

function firstMatch(names: [RegExp, string][], agent: string): string | undefined {
  return names.find(([pattern]) => pattern.test(agent))?.[1]
}
