import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Answer, type Fetch, FetchError } from '../../../kernel/fetch.ts'
import { checkPassword, isSimilar, type PasswordPolicy } from './policy.ts'

const off: PasswordPolicy = {
  min_password_length: 8,
  identifier_similarity_check_enabled: true,
  haveibeenpwned_enabled: false,
  common_passwords_refused: false,
  haveibeenpwned_host: 'pwned.example',
  max_breaches: 0,
  ignore_network_errors: false,
}
const on = { ...off, haveibeenpwned_enabled: true }
const noFetch: Fetch = () => Promise.reject(new Error('nothing may be asked'))
const check = (password: string, policy = off, fetch = noFetch, identifiers = ['kepler@example.org']) =>
  checkPassword({ fetch }, password, identifiers, policy, { maxBytes: 72 })

const sha1 = (password: string) => createHash('sha1').update(password).digest('hex').toUpperCase()
const answer = (text: string, status = 200): Answer => ({ status, headers: new Headers(), text })

/** A range service that knows some passwords, and remembers what it was asked. */
function rangeService(known: Record<string, string>) {
  const asked: string[] = []
  const fetch: Fetch = async (url, init) => {
    asked.push(url)
    expect(init?.headers?.['Add-Padding']).toBe('true')
    const prefix = url.slice(-5)
    const lines = Object.entries(known)
      .map(([password, count]) => [sha1(password), count] as const)
      .filter(([digest]) => digest.startsWith(prefix))
      .map(([digest, count]) => `${digest.slice(5)}${count}`)
    return answer(['0018A45C4D1DEF81644B54AB7F969B88D65:0', ...lines].join('\r\n'))
  }
  return { fetch, asked }
}

test('length is counted in bytes', async () => {
  expect(await check('seven77')).toMatchObject({ id: 4000032, context: { min_length: 8, actual_length: 7 } })
  expect(await check('ééé')).toMatchObject({ id: 4000032, context: { actual_length: 6 } })
  expect(await check('ééééé')).toBeUndefined()
  expect(await check('        ')).toBeUndefined()
  expect(await check('x'.repeat(72))).toBeUndefined()
  expect(await check('x'.repeat(73))).toMatchObject({ id: 4000033, context: { max_length: 72, actual_length: 73 } })
})

test('a password like one of the identifiers is refused', async () => {
  expect(await check('KEPLER@example.org')).toMatchObject({ id: 4000031 })
  expect(await check('kepler@example.com')).toMatchObject({ id: 4000031 })
  expect(await check('tycho@example.org', off, noFetch, ['kepler', 'tycho@example.org'])).toMatchObject({ id: 4000031 })
  expect(await check('kepler@example.org', { ...off, identifier_similarity_check_enabled: false })).toBeUndefined()
  expect(await check('kepler@example.org', off, noFetch, [''])).toBeUndefined()
})

test.each([
  ['kepler.johannes', true, 'more than half in one piece'],
  ['johannes-kept-12', false, 'exactly half'],
  ['johannes-kept-1', true, 'a little more than half'],
  ['joh-ann-es-kep-ler', false, 'pieces only'],
  ['harmonices-mundi', false, 'nothing in common'],
])('%s is like johannes.kepler@example.org: %s (%s)', (password, similar) => {
  expect(isSimilar('johannes.kepler@example.org', password)).toBe(similar)
})

test('texts of more than 256 bytes are not compared', () => {
  const long = 'ö'.repeat(128)
  expect(isSimilar(long, long)).toBe(true)
  expect(isSimilar(`${long}x`, `${long}x`)).toBe(false)
})

test('a breached password is refused, and only five digits of its digest are told', async () => {
  const service = rangeService({ 'breached often': ':1,234', 'breached once': '' })
  expect(await check('breached often', on, service.fetch)).toMatchObject({ id: 4000034, context: { breaches: 1234 } })
  expect(service.asked).toEqual([`https://pwned.example/range/${sha1('breached often').slice(0, 5)}`])
  expect(await check('breached once', on, service.fetch)).toMatchObject({ id: 4000034, context: { breaches: 1 } })
  expect(await check('never breached', on, service.fetch)).toBeUndefined()
  expect(await check('breached once', { ...on, max_breaches: 1 }, service.fetch)).toBeUndefined()
})

test('the same prefix is asked for once', async () => {
  const service = rangeService({})
  await check('asked for twice', on, service.fetch)
  await check('asked for twice', on, service.fetch)
  expect(service.asked).toHaveLength(1)
})

test('an unreachable service is what the configuration says, and is asked again', async () => {
  let asked = 0
  const unreachable: Fetch = async () => {
    asked++
    throw new FetchError('nobody answers')
  }
  const broken: Fetch = async () => answer('busy', 503)
  expect(await check('unreachable 1', on, unreachable)).toMatchObject({ id: 4000005 })
  expect(await check('unreachable 1', { ...on, ignore_network_errors: true }, unreachable)).toBeUndefined()
  expect(asked).toBe(2)
  expect(await check('unreachable 2', on, broken)).toMatchObject({ id: 4000005 })
})

test('switched off nothing is asked', async () => {
  expect(await check('whatever it is')).toBeUndefined()
})

test('another host may be an address', async () => {
  const service = rangeService({})
  await check('to my own host', { ...on, haveibeenpwned_host: 'http://127.0.0.1:9/' }, service.fetch)
  expect(service.asked[0]).toMatch(/^http:\/\/127\.0\.0\.1:9\/range\/[0-9A-F]{5}$/)
})

test('the list is asked about the normalized password, whose bytes count', async () => {
  const composed = 'Häfen und Brücken'.normalize('NFC')
  const service = rangeService({ [composed]: ':7' })
  expect(await check(composed.normalize('NFD'), on, service.fetch)).toMatchObject({ id: 4000034 })
  expect(await check('é'.normalize('NFD').repeat(36))).toBeUndefined()
  expect(await check('é'.normalize('NFD').repeat(37))).toMatchObject({ id: 4000033 })
})

test('common passwords alone are refused without asking anybody', async () => {
  const policy = { ...off, common_passwords_refused: true }
  expect(await check('a lantern at the pier', policy)).toBeUndefined()
  expect(await check('PASSWORD1', policy)).toMatchObject({ id: 4000034 })
})

test.each(['password', '12345678', 'Password1', 'trustno1', 'qwertyuiop'])(
  'the common password %s is refused without asking anybody, unless breaches do not count',
  async (password) => {
    expect(await check(password, { ...on, max_breaches: 100 })).toMatchObject({
      id: 4000034,
      context: { breaches: 101 },
    })
    expect(await check(password, { ...off, common_passwords_refused: true })).toMatchObject({ id: 4000034 })
    expect(await check(password)).toBeUndefined()
  },
)
