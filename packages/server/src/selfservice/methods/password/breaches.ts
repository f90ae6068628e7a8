import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Context } from '../../../kernel/context.ts'

const timeoutMs = 3000
const maxAnswerBytes = 1024 * 1024

/** Answers by host and prefix. They hold some thousand passwords' suffixes each, so they tell nobody's password. */
const answers = new LRUCache<string, string>({
  max: 1000,
  maxSize: 16 * 1024 * 1024,
  sizeCalculation: (text) => text.length + 1,
  ttl: 60 * 60 * 1000,
})

/**
 * How often a password was found in breaches, by k-anonymity: the service learns five digits of its SHA-1 and answers
 * with all that begin so (the "range" API of Pwned Passwords). Undefined when the service cannot be asked.
 */
export async function countBreaches(
  { fetch }: Pick<Context, 'fetch'>,
  password: string,
  host: string,
): Promise<number | undefined> {
  const digest = createHash('sha1').update(password).digest('hex').toUpperCase()
  const url = `${/^https?:\/\//.test(host) ? host.replace(/\/$/, '') : `https://${host}`}/range/${digest.slice(0, 5)}`
  let answer = answers.get(url)
  if (answer === undefined) {
    // Padding hides from those who see the answer's size which prefix was asked for.
    const headers = { 'Add-Padding': 'true', Accept: 'text/plain' }
    const asked = fetch(url, { headers, timeoutMs, maxBytes: maxAnswerBytes })
    const received = await asked.catch(() => undefined)
    if (received?.status !== 200) return undefined
    answer = received.text
    answers.set(url, answer)
  }
  return countIn(answer, digest.slice(5))
}

/** Lines are `SUFFIX:COUNT`; some services leave out the count, which then means one. */
function countIn(answer: string, suffix: string): number {
  const found = new RegExp(`^${suffix}(?::([\\d,]{1,20}))?\\s*$`, 'im').exec(answer)
  if (!found) return 0
  return found[1] === undefined ? 1 : Number(found[1].replaceAll(',', ''))
}
