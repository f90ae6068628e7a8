import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import { freshEmail, messageIds, openFlows, Person, signedUp } from '../../../test/people.ts'
import { listMailbox } from '../../courier/index.ts'

const perRecipient = 3
const hourMs = 3_600_000

describe.each(dsns)('messages on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  beforeAll(async () => {
    app = await openFlows(dsn)
  })
  afterAll(() => app.close())

  function limited(messages: object, use: 'code' | 'link' = 'code'): Promise<TestProject> {
    return app.project(({ security, selfservice, ...identity }) => {
      const { flows, methods } = selfservice
      const recovery = { ...flows.recovery, use, notify_unknown_recipients: true }
      const verification = { ...flows.verification, use, notify_unknown_recipients: true }
      const link = { ...methods.link, enabled: use === 'link' }
      return {
        ...identity,
        security: { ...security, messages: { ...security.messages, enabled: true, ...messages } },
        selfservice: { ...selfservice, flows: { ...flows, recovery, verification }, methods: { ...methods, link } },
      }
    })
  }
  const mailsTo = async (project: TestProject, to: string) => (await listMailbox(project.ctx, { to })).length
  const statusesOf = async (count: number, run: () => Promise<{ status: number }>) => {
    const statuses: number[] = []
    for (let i = 0; i < count; i++) statuses.push((await run()).status)
    return statuses
  }

  test.each(['code', 'link'] as const)('by %s are limited for one recipient, known or unknown', async (use) => {
    const project = await limited({ per_recipient: perRecipient }, use)
    const known = (await signedUp(project, 'api')).email
    const sentAtSignUp = await mailsTo(project, known)
    for (const email of [known, freshEmail('stranger')]) {
      const expected = email === known ? perRecipient - sentAtSignUp : perRecipient
      for (const name of ['recovery', 'verification'] as const) {
        const ask = () => new Person(project, 'api').run(name, { method: use, email })
        const statuses = await statusesOf(perRecipient + 1, ask)
        if (name === 'recovery') expect(statuses.filter((status) => status === 200)).toHaveLength(expected)
        else expect(new Set(statuses)).toEqual(new Set([429]))
      }
      expect(await mailsTo(project, email)).toBe(perRecipient)
    }
  })

  test('are at most five an hour to one recipient by default, and the answers do not tell accounts', async () => {
    const project = await limited({})
    const known = (await signedUp(project, 'api')).email
    app.clock.advance(hourMs)
    const stranger = freshEmail('stranger')
    const before = new Map([
      [known, await mailsTo(project, known)],
      [stranger, 0],
    ])
    const answersFor = async (email: string) => {
      const answers: unknown[] = []
      for (const name of [...Array(3).fill('recovery'), ...Array(4).fill('verification')]) {
        const { status, headers, body } = await new Person(project, 'api').run(name, { method: 'code', email })
        const ids = body.error ? body.error.reason : [body.state, messageIds(body)]
        answers.push([name, status, headers['retry-after'], ids])
      }
      return answers
    }
    const answers = await answersFor(known)
    expect(answers.map((answer) => (answer as [string, number])[1])).toEqual([...Array(5).fill(200), 429, 429])
    expect(await answersFor(stranger)).toEqual(answers)
    for (const [email, sent] of before) expect(await mailsTo(project, email)).toBe(sent + 5)
    // A sign-up sends no more either, and is not told so.
    expect((await new Person(project, 'api').signUp(stranger)).status).toBe(200)
    expect(await mailsTo(project, stranger)).toBe(5)
    app.clock.advance(hourMs)
    for (const email of [known, stranger]) {
      expect((await new Person(project, 'api').run('recovery', { method: 'code', email })).status).toBe(200)
      expect(await mailsTo(project, email)).toBe((before.get(email) ?? 0) + 6)
    }
  })

  test('are limited within one flow', async () => {
    const project = await limited({ per_recipient: perRecipient })
    const person = new Person(project, 'api')
    const flow = await person.begin('recovery')
    const email = freshEmail('stranger')
    const again = () => person.submit('recovery', flow, { method: 'code', email })
    expect(await statusesOf(4, again)).toEqual([200, 200, 200, 429])
    const refused = await again()
    expect(refused.headers['retry-after']).toMatch(/^\d+$/)
  })

  test('are limited for codes of sign-in and sign-up', async () => {
    const project = await limited({ per_recipient: perRecipient })
    const { email } = await signedUp(project, 'api')
    const signIn = () => new Person(project, 'api').run('login', { method: 'code', identifier: email })
    const sent = await mailsTo(project, email)
    expect(await statusesOf(4, signIn)).toEqual([...Array(perRecipient - sent).fill(400), ...Array(1 + sent).fill(429)])
    const stranger = freshEmail('stranger')
    const signUp = () => new Person(project, 'api').run('registration', { method: 'code', traits: { email: stranger } })
    expect(await statusesOf(4, signUp)).toEqual([400, 400, 400, 429])
    expect(await mailsTo(project, stranger)).toBe(perRecipient)
  })

  test('are limited for one network over many recipients, and unknown accounts cannot be asked for without end', async () => {
    // From loopback, which many clients can share, ten times as many.
    const project = await limited({ per_address: 1 })
    const ask = () => new Person(project, 'api').run('login', { method: 'code', identifier: freshEmail('stranger') })
    expect(await statusesOf(11, ask)).toEqual([...Array(10).fill(400), 429])
  })

  test('of a sign-up that would be too many are not sent, and the flow offers to send one', async () => {
    const project = await limited({ per_recipient: perRecipient })
    const email = freshEmail()
    const ask = () => new Person(project, 'api').run('recovery', { method: 'code', email })
    await statusesOf(perRecipient, ask)
    const person = new Person(project, 'api')
    const { status, body } = await person.signUp(email)
    expect(status).toBe(200)
    expect(await mailsTo(project, email)).toBe(perRecipient)
    expect(body.identity.verifiable_addresses[0].status).toBe('pending')
  })

  test('tell a person in a browser on the form', async () => {
    const project = await limited({ per_recipient: 1 })
    const person = new Person(project)
    const flow = await person.begin('recovery')
    const ask = () =>
      person.submit('recovery', flow, { method: 'code', email: 'ada@harbour.example' }, { accept: 'text/html' })
    await ask()
    expect((await ask()).status).toBe(303)
    const shown = await person.call('GET', `/self-service/recovery/flows?id=${flow.id}`)
    expect(shown.body.ui.messages).toMatchObject([{ id: 4000001, text: expect.stringContaining('Too many messages') }])
  })

  test('of others do not keep a browser in which the person has signed in before from recovering', async () => {
    const project = await limited({ per_recipient: perRecipient })
    const { person, email } = await signedUp(project, 'browser')
    await statusesOf(perRecipient + 1, () => new Person(project, 'api').run('recovery', { method: 'code', email }))
    const later = new Person(project)
    for (const [name, value] of person.cookies) if (name.startsWith('csrf')) later.cookies.set(name, value)
    expect((await later.run('recovery', { method: 'code', email })).status).toBe(200)
  })
})

describe.each(dsns)('sign-ups on %s', (_, dsn) => {
  test('are limited for one network', async () => {
    const app = await openFlows(dsn)
    const project = await app.project(({ security, ...identity }) => ({
      ...identity,
      security: { ...security, registrations: { ...security.registrations, enabled: true, per_address: 1 } },
    }))
    const signUp = async () => (await new Person(project, 'api').signUp(freshEmail())).status
    const statuses = []
    for (let i = 0; i < 11; i++) statuses.push(await signUp())
    expect(statuses).toEqual([...Array(10).fill(200), 429])
    await app.close()
  })
})
