import { createHash } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import { codeFor, freshEmail, messageIds, openFlows, Person, password, signedUp } from '../../../test/people.ts'
import { challengeIn, responseOf, solve } from '../../../test/proof-of-work.ts'
import { challengeScript, challengeScriptIntegrity } from './challenge-script.ts'

const wrong = 'not the one'
const demanded = 4000038

describe.each(dsns)('a proof of work on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await challenging()
  })
  afterAll(() => app.close())

  /** From the third attempt of ten on, with little work. */
  function challenging(settings: object = {}, others: object = {}): Promise<TestProject> {
    return app.project(({ security, ...identity }) => ({
      ...identity,
      security: {
        ...security,
        attempts: { ...security.attempts, enabled: true, per_account: 10, per_address: 1000 },
        ...others,
        proof_of_work: { ...security.proof_of_work, enabled: true, difficulty: 1000, after_percent: 20, ...settings },
      },
    }))
  }

  async function guessed(times: number, at = project) {
    const { email } = await signedUp(at, 'api')
    const person = new Person(at, 'api')
    const flow = await person.begin('login')
    const submit = (given: string, more: object = {}) =>
      person.submit('login', flow, { method: 'password', identifier: email, password: given, ...more })
    let answer = await submit(wrong)
    for (let i = 1; i < times; i++) answer = await submit(wrong)
    return { email, flow, submit, answer }
  }

  test('is demanded once a share of the limit is used up, and admits the attempt once', async () => {
    const { answer, submit } = await guessed(2)
    const challenge = challengeIn(answer.body)
    expect(challenge).toMatchObject({ algorithm: 'SHA-256', maxnumber: 1000 })
    const refused = await submit(password)
    expect([refused.status, messageIds(refused.body)]).toEqual([400, [demanded]])
    const solution = solve(challenge)
    const tried = await submit(wrong, solution)
    expect([tried.status, messageIds(tried.body)]).toEqual([400, [4000006]])
    expect(messageIds((await submit(password, solution)).body)).toEqual([demanded])
    expect((await submit(password, solve(challengeIn(tried.body)))).status).toBe(200)
  })

  test('is redeemed by exactly one of many simultaneous submissions', async () => {
    const { answer, submit } = await guessed(2)
    const solution = solve(challengeIn(answer.body))
    const answers = await Promise.all(Array.from({ length: 8 }, () => submit(wrong, solution)))
    const ids = answers.flatMap(({ body }) => messageIds(body))
    expect(ids.filter((id) => id === 4000006)).toHaveLength(1)
    expect(ids.filter((id) => id === demanded)).toHaveLength(7)
  })

  test('does not fit another flow, project or proof, nor when it is changed or expired', async () => {
    const { answer, submit, flow } = await guessed(2)
    const challenge = challengeIn(answer.body)
    const other = await guessed(2)
    expect(messageIds((await other.submit(password, solve(challenge))).body)).toEqual([demanded])
    const elsewhere = await guessed(2, await challenging())
    expect(messageIds((await elsewhere.submit(password, solve(challenge))).body)).toEqual([demanded])
    const { maxnumber: _m, ...signed } = challenge
    const number = numberIn(solve(challenge))
    const later = signed.salt.replace(/expires=\d+/, 'expires=99999999999')
    const forged = [
      { ...signed, number: number + 1 },
      { ...signed, number, signature: 'x' },
      { ...signed, number, salt: later, challenge: hashOf(`${later}${number}`) },
      { ...signed, number: -1 },
      { ...signed, number: String(number) },
      { number },
      [],
    ].map((one) => ({ transient_payload: { captcha_proof_of_work_response: responseOf(one) } }))
    const malformed = ['{', 'bm8=', 7, 'A'.repeat(4000)].map((one) => ({
      transient_payload: { captcha_proof_of_work_response: one },
    }))
    for (const solution of [...forged, ...malformed])
      expect(messageIds((await submit(password, solution)).body)).toEqual([demanded])
    app.clock.advance(599_000)
    expect((await submit(password, solve(challenge))).status).toBe(200)
    const late = await guessed(2)
    const solution = solve(challengeIn(late.answer.body))
    app.clock.advance(600_000)
    for (let i = 0; i < 2; i++) await late.submit(wrong)
    expect(messageIds((await late.submit(password, solution)).body)).toEqual([demanded])
    expect(flow.id).not.toBe(late.flow.id)
  })

  test('is harder the more was guessed, and ends at the lock-out', async () => {
    const { answer, submit } = await guessed(2)
    const sizes: number[] = []
    let { body } = answer
    for (let i = 2; i < 10; i++) {
      sizes.push(challengeIn(body).maxnumber)
      body = (await submit(wrong, solve(challengeIn(body)))).body
    }
    expect(sizes).toEqual([1000, 1000, 2000, 2000, 4000, 4000, 8000, 8000])
    expect((await submit(password, solve(challengeIn(body)))).status).toBe(429)
  })

  test('of an earlier, easier time is not enough later', async () => {
    const { email, answer, submit } = await guessed(2)
    const early = solve(challengeIn(answer.body))
    const helper = new Person(project, 'api')
    const flow = await helper.begin('login')
    const guess = (more: object = {}) =>
      helper.submit('login', flow, { method: 'password', identifier: email, password: wrong, ...more })
    let { body } = await guess()
    for (let i = 2; i < 7; i++) body = (await guess(solve(challengeIn(body)))).body
    expect(messageIds((await submit(password, early)).body)).toEqual([demanded])
  })

  test('can replace the lock-out of a password', async () => {
    const at = await challenging({ replaces_lockout: true })
    const { submit, answer } = await guessed(2, at)
    let { body } = answer
    for (let i = 2; i < 12; i++) body = (await submit(wrong, solve(challengeIn(body)))).body
    expect((await submit(password)).status).toBe(400)
    expect((await submit(password, solve(challengeIn(body)))).status).toBe(200)
  })

  test('is not demanded from anybody else, and submissions without one lock nobody out', async () => {
    const { submit } = await guessed(2)
    for (let i = 0; i < 20; i++) expect(messageIds((await submit(wrong)).body)).toEqual([demanded])
    const refused = await submit(password)
    expect((await submit(password, solve(challengeIn(refused.body)))).status).toBe(200)
    const { email } = await signedUp(project, 'api')
    expect((await new Person(project, 'api').signIn(email)).status).toBe(200)
  })

  test('is demanded for messages of a recovery, and for sign-ups of a network', async () => {
    const security = (await app.project()).ctx.config.identity.security
    const at = await challenging(
      { after_percent: 50 },
      {
        messages: { ...security.messages, enabled: true, per_recipient: 4 },
        registrations: { ...security.registrations, enabled: true, per_address: 1 },
      },
    )
    const email = freshEmail('stranger')
    const person = new Person(at, 'api')
    const recovery = await person.begin('recovery')
    const ask = (more: object = {}) => person.submit('recovery', recovery, { method: 'code', email, ...more })
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200])
    const { status, body } = await ask()
    expect([status, messageIds(body)]).toEqual([400, [demanded]])
    expect((await ask(solve(challengeIn(body)))).status).toBe(200)
    // Loopback is shared by many clients, with ten times the limit.
    for (let i = 0; i < 5; i++) expect((await new Person(at, 'api').signUp(freshEmail())).status).toBe(200)
    const late = new Person(at, 'api')
    const flow = await late.begin('registration')
    const fields = { method: 'password', traits: { email: freshEmail() }, password }
    const refused = await late.submit('registration', flow, fields)
    expect([refused.status, messageIds(refused.body)]).toEqual([400, [demanded]])
    expect((await late.submit('registration', flow, { ...fields, ...solve(challengeIn(refused.body)) })).status).toBe(
      200,
    )
  })

  test('is in the form of a browser with a script that solves it, and comes back in a form', async () => {
    const { email } = await signedUp(project, 'api')
    const person = new Person(project)
    const flow = await person.begin('login')
    const fields = { method: 'password', identifier: email }
    for (let i = 0; i < 2; i++)
      await person.submit('login', flow, { ...fields, password: wrong }, { accept: 'text/html' })
    const { body } = await person.call('GET', `/self-service/login/flows?id=${flow.id}`)
    const script = body.ui.nodes.find(
      ({ type, group }: { type: string; group: string }) => type === 'script' && group === 'captcha',
    )
    expect(script.attributes.integrity).toBe(challengeScriptIntegrity)
    const served = await person.call('GET', new URL(script.attributes.src).pathname)
    expect(served.headers['content-type']).toBe('text/javascript; charset=utf-8')
    const response = await runScript(served.body, challengeIn(body))
    const json = { ...fields, password, transient_payload: { captcha_proof_of_work_response: response } }
    const signedIn = await person.submit('login', body, json, { accept: 'text/html' })
    expect(signedIn.status).toBe(303)
    expect(await person.whoami()).toBe(email)
  })

  test('is explained to an administrator', async () => {
    const { flow, submit, answer } = await guessed(2)
    await submit(wrong)
    await submit(password, solve(challengeIn(answer.body)))
    const { body } = await project.call('GET', `/admin/explanations/${flow.id}`)
    const limits = body.steps.filter(({ step }: { step: string }) => step === 'limit')
    expect(limits.map(({ challenge }: { challenge?: string }) => challenge)).toEqual([
      ...[undefined, undefined, 'demanded', 'solved'],
    ])
  })

  test('is demanded for codes of sign-in, too', async () => {
    const at = await app.project(({ security, selfservice, ...identity }) => {
      const { methods } = selfservice
      const code = { ...methods.code, passwordless_enabled: true }
      return {
        ...identity,
        selfservice: { ...selfservice, methods: { ...methods, code } },
        security: {
          ...security,
          messages: { ...security.messages, enabled: false },
          attempts: { ...security.attempts, enabled: true, per_account: 10, per_address: 1000 },
          proof_of_work: { ...security.proof_of_work, enabled: true, difficulty: 1000 },
        },
      }
    })
    const { email } = await signedUp(at, 'api')
    const person = new Person(at, 'api')
    const flow = await person.begin('login')
    await person.submit('login', flow, { method: 'code', identifier: email })
    const code = await codeFor(at.ctx, email)
    const enter = (given: string, more: object = {}) =>
      person.submit('login', flow, { method: 'code', identifier: email, code: given, ...more })
    for (let i = 0; i < 2; i++) await enter('abcdef')
    const { body } = await enter(code)
    expect(messageIds(body)).toEqual([demanded])
    expect((await enter(code, solve(challengeIn(body)))).status).toBe(200)
  })
})

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

function numberIn({ transient_payload: payload }: ReturnType<typeof solve>): number {
  return JSON.parse(Buffer.from(`${payload.captcha_proof_of_work_response}`, 'base64').toString()).number
}

/** Runs the script on a page that has the two fields and no form. Gives what it fills in. */
async function runScript(script: string, challenge: object): Promise<string> {
  const fields: Record<string, { value: string }[]> = {
    captcha_proof_of_work_options: [{ value: JSON.stringify(challenge) }],
    'transient_payload.captcha_proof_of_work_response': [{ value: '' }],
  }
  await new Promise<void>((resolve) => {
    const document = {
      ...{ readyState: 'complete', documentElement: { lang: 'de' } },
      getElementsByName: (name: string) => fields[name] ?? [],
    }
    const window = { dispatchEvent: () => resolve() }
    runInNewContext(script, { document, window, performance, setTimeout, btoa, TextEncoder, CustomEvent })
  })
  return fields['transient_payload.captcha_proof_of_work_response']?.[0]?.value ?? ''
}

test('the script solves a challenge of usual difficulty within seconds', async () => {
  const salt = `${'ab'.repeat(12)}?expires=1&flow=00000000-0000-4000-8000-000000000000&proof=password&level=1&`
  const challenge = {
    algorithm: 'SHA-256',
    salt,
    maxnumber: 200_000,
    challenge: hashOf(`${salt}199999`),
    signature: '',
  }
  const response = await runScript(challengeScript, challenge)
  expect(JSON.parse(Buffer.from(response, 'base64').toString())).toMatchObject({ number: 199_999 })
})
