import { dictionary } from '@zxcvbn-ts/language-common'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { limitAttempts } from '../../packages/server/src/selfservice/limits/attempts.ts'
import type { SubmissionContext } from '../../packages/server/src/selfservice/method.ts'
import { isCommon } from '../../packages/server/src/selfservice/methods/password/common.ts'
import { movableClock } from '../../packages/server/test/app.ts'
import { openApp } from '../../packages/server/test/running.ts'

/** A million takes seven minutes, so that it is played on demand only: LATCHKEY_TEST_GUESSES=1000000. */
const guesses = Number(process.env.LATCHKEY_TEST_GUESSES ?? 100_000)
/** As many as addresses to guess from. */
const accounts = guesses / 100
/** The attack lasts for so long; meanwhile each owner signs in once. */
const durationMs = 3_600_000
/** So many owners in a hundred use a browser in which they have signed in before, and mistype their password first. */
const [knownPercent, typoPercent] = [80, 10]
/** So many owners in a hundred share the address of an office with 49 others. */
const officePercent = 30

interface Attempt {
  account: number
  address: string
  password: string
  isOwner?: true
}

/**
 * The limits with their default values, against somebody who has as many addresses as there are accounts, tries the
 * passwords that people use most, the same number for each account, and makes no mistake.
 */
const clock = movableClock()
let server: Awaited<ReturnType<typeof openApp>>
beforeAll(async () => {
  server = await openApp({ clock })
})
afterAll(() => server.close())

it(`${guesses} guesses open no account and lock out fewer than one owner in a thousand`, async () => {
  const random = numbers(20_260_226)
  const words = dictionary['passwords-common'].filter((word) => word.length >= 8)
  const passwords = await chosenPasswords(words, random)
  const next = new Uint32Array(accounts)
  const owners = order(accounts, random)
  const results = { opened: 0, signedIn: 0, lockedOut: 0, limited: 0 }
  for (let i = 0; i < guesses; i++) {
    clock.advance(durationMs / guesses)
    const account = random(accounts)
    const tried = next[account] as number
    next[account] = tried + 1
    const password = words[tried % words.length] as string
    const guessed = await attempt({ account, address: attacker(random(accounts)), password }, passwords)
    if (guessed === 'succeeded') results.opened++
    if (guessed === 'limited') results.limited++
    if (i % (guesses / accounts) !== 0) continue
    const owner = owners.pop() as number
    const result = await signIn(owner, passwords, random(100) < typoPercent)
    results[result === 'succeeded' ? 'signedIn' : 'lockedOut']++
  }
  console.log(`guesses: ${JSON.stringify(results)}`)
  expect(results.opened).toBe(0)
  expect(results.signedIn + results.lockedOut).toBe(accounts)
  expect(results.lockedOut).toBeLessThan(accounts / 1000)
})

/** Somebody who wants a common password is refused at the sign-up, and adds something to it. */
async function chosenPasswords(words: string[], random: (below: number) => number): Promise<string[]> {
  const chosen: string[] = []
  for (let i = 0; i < accounts; i++) {
    const wanted = words[Math.floor(words.length ** (random(1000) / 1000))] as string
    chosen.push((await isCommon(wanted)) ? `${wanted}-${random(10_000)}` : wanted)
  }
  return chosen
}

async function signIn(account: number, passwords: string[], hasTypo: boolean) {
  const isOffice = account % 100 < officePercent
  const address = isOffice ? `203.0.${Math.floor(account / 50) % 250}.7` : `198.${account >> 8}.${account & 255}.9`
  const own = { account, address, isOwner: true as const }
  if (hasTypo) await attempt({ ...own, password: 'a mistyped one' }, passwords)
  return attempt({ ...own, password: passwords[account] as string }, passwords)
}

async function attempt({ account, address, password, isOwner }: Attempt, passwords: string[]) {
  const identityId = `identity ${account}`
  const isKnown = isOwner && account % 100 >= 100 - knownPercent
  const submission = {
    ctx: server.app.ctx,
    flow: { type: 'api', issuedAt: clock.now() },
    request: { ip: address, csrf: { deviceOf: () => (isKnown ? `browser ${account}` : undefined) } },
  } as unknown as SubmissionContext
  try {
    return await limitAttempts(
      submission,
      { proof: 'password', account: { identityId } },
      async () => (password === passwords[account] ? ('succeeded' as const) : ('failed' as const)),
      (outcome) => outcome,
    )
  } catch (error) {
    expect(error).toMatchObject({ httpStatus: 429 })
    return 'limited' as const
  }
}

function attacker(index: number): string {
  return `45.${index >> 8}.${index & 255}.1`
}

/** Numbers that are the same in each run (a linear congruential generator of 32 bits, its upper bits). */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function order(count: number, random: (below: number) => number): number[] {
  const list = Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = random(i + 1)
    const [one, other] = [list[i] as number, list[j] as number]
    list[i] = other
    list[j] = one
  }
  return list
}
