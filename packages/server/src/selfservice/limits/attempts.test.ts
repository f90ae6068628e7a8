import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../../../../../test/stage/postgres.ts'
import { dsns, movableClock } from '../../../test/app.ts'
import { formOf } from '../../../test/people.ts'
import { openApp } from '../../../test/running.ts'
import { defaultProject } from '../../configuration/index.ts'
import { listMailbox } from '../../courier/index.ts'

const password = 'a-long-quay-at-low-tide'
const limits = {
  SECURITY_ATTEMPTS_PER_ACCOUNT: '4',
  SECURITY_ATTEMPTS_PER_ADDRESS: '6',
  DEV: 'true',
  HASHERS_BCRYPT_COST: '4',
}

describe.each(dsns)('attempts on %s', (_, dsn) => {
  const clock = movableClock()
  let server: Awaited<ReturnType<typeof openApp>>
  let people = 0
  beforeAll(async () => {
    const loaded = await defaultProject({ port: 4000, mode: 'dev' }, limits)
    server = await openApp({ loaded, clock, dsn: dsn === 'memory' ? dsn : await freshDatabase(dsn) })
  })
  afterAll(() => server.close())

  async function person(): Promise<string> {
    const email = `p${++people}@harbour.example`
    expect((await server.flow('registration', [{ method: 'password', password, traits: { email } }])).status).toBe(200)
    return email
  }
  const signIn = async (identifier: string, given = 'wrong', address?: string) =>
    server.flow('login', [{ method: 'password', identifier, password: given }], { address })
  const times = async (count: number, run: () => Promise<{ status: number }>) => {
    const statuses: number[] = []
    for (let i = 0; i < count; i++) statuses.push((await run()).status)
    return statuses
  }

  it('are limited for one account, and those for an unknown one alike', async () => {
    for (const email of [await person(), 'stranger@harbour.example']) {
      expect(await times(6, () => signIn(email))).toEqual([400, 400, 400, 400, 429, 429])
    }
  })

  it('end with 429 and the time to wait, also for the right password, until that time is over', async () => {
    const email = await person()
    await times(4, () => signIn(email))
    const refused = await signIn(email, password)
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '600' }, body: { error: { code: 429 } } })
    clock.advance(600_000)
    expect((await signIn(email, password)).status).toBe(200)
  })

  it('count for an account however its name is written, and in every flow of its own', async () => {
    const email = await person()
    const spellings = [email, email.toUpperCase(), ` ${email}`, email]
    for (const spelling of spellings) expect((await signIn(spelling)).status).toBe(400)
    expect((await signIn(email)).status).toBe(429)
  })

  it('that come at the same time are all counted', async () => {
    const email = await person()
    const statuses = await Promise.all(Array.from({ length: 12 }, async () => (await signIn(email)).status))
    expect(statuses.filter((status) => status === 400)).toHaveLength(4)
    expect(statuses.filter((status) => status === 429)).toHaveLength(8)
  })

  it('are forgotten after one that succeeds', async () => {
    const email = await person()
    for (let round = 0; round < 3; round++) {
      await times(3, () => signIn(email))
      expect((await signIn(email, password)).status).toBe(200)
    }
  })

  it('do not count against others', async () => {
    await times(6, () => signIn('stranger-again@harbour.example'))
    expect((await signIn(await person(), password)).status).toBe(200)
  })

  it('are limited for one network over many accounts', async () => {
    let names = 0
    const spray = (address: string) => () => signIn(`spray-${people}-${names++}@harbour.example`, 'wrong', address)
    expect(await times(7, spray('9.9.9.9'))).toEqual([400, 400, 400, 400, 400, 400, 429])
    expect((await spray('9.9.9.10')()).status).toBe(400)
    // Every address of one subscriber's /64 is the same network.
    for (let host = 1; host <= 6; host++) expect((await spray(`2600:1f18:1:2::${host}`)()).status).toBe(400)
    expect((await spray('2600:1f18:1:2:ffff::1')()).status).toBe(429)
    expect((await spray('2600:1f18:1:3::1')()).status).toBe(400)
  })

  it('that succeed do not use up the limit of their network', async () => {
    const email = await person()
    expect(new Set(await times(9, () => signIn(email, password, '1.0.0.1')))).toEqual(new Set([200]))
    expect(new Set(await times(9, () => signIn(email, password, '8.8.8.8')))).toEqual(new Set([200]))
  })

  it('at codes are limited over several flows, for known and unknown addresses alike', async () => {
    for (const email of [await person(), 'nobody@harbour.example']) {
      const begin = async () => {
        const { body } = await server.call('GET', '/self-service/recovery/api')
        const submit = (json: object) =>
          server.call('POST', `/self-service/recovery?flow=${body.id}`, { json: { method: 'code', ...json } })
        await submit({ email })
        return submit
      }
      const [first, second] = [await begin(), await begin()]
      const wrong = (submit: typeof first) => submit({ code: 'abcdef' })
      expect(await times(2, () => wrong(first))).toEqual([200, 200])
      expect(await times(3, () => wrong(second))).toEqual([200, 200, 429])
      const [mail] = await listMailbox(server.app.ctx, { to: email })
      if (mail) expect((await second({ code: /\b\d{6}\b/.exec(mail.text)?.[0] })).status).toBe(429)
    }
  })

  it('tell a person in a browser on the form', async () => {
    const email = await person()
    const begun = await server.call('GET', '/self-service/login/browser')
    const cookie = [begun.headers['set-cookie'] ?? []]
      .flat()
      .map((line) => String(line).split(';')[0])
      .join('; ')
    const csrf = begun.body.ui.nodes.find(
      (node: { attributes: { name: string } }) => node.attributes.name === 'csrf_token',
    )
    const json = { method: 'password', identifier: email, password: 'wrong', csrf_token: csrf.attributes.value }
    const headers = { cookie, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }
    const text = formOf(json)
    await times(5, () => server.call('POST', `/self-service/login?flow=${begun.body.id}`, { text, headers }))
    const shown = await server.call('GET', `/self-service/login/flows?id=${begun.body.id}`, { headers: { cookie } })
    expect(shown.body.ui.messages).toMatchObject([
      { id: 4000001, type: 'error', text: expect.stringContaining('too many') },
    ])
  })
})

it('are not counted where that is switched off', async () => {
  const loaded = await defaultProject({ port: 4000, mode: 'dev' }, { ...limits, SECURITY_ATTEMPTS_ENABLED: 'false' })
  const server = await openApp({ loaded })
  const json = { method: 'password', identifier: 'a@harbour.example', password: 'wrong' }
  for (let i = 0; i < 10; i++) expect((await server.flow('login', [json])).status).toBe(400)
  await server.close()
})
