import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import { interrupting, member, openHooked } from '../../../test/hooked.ts'
import { codeFor, openFlows, Person, password, signedUp } from '../../../test/people.ts'
import { mostSteps } from '../flow/steps.ts'

const wrong = 'not-the-pier-lantern'
const html = { accept: 'text/html' }

describe.each(dsns)('the explanation of a flow on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project()
  })
  afterAll(() => app.close())

  const explain = (id: string, at = project) => at.call('GET', `/admin/explanations/${id}`)
  const namesOf = (body: { steps: { step: string }[] }) => body.steps.map(({ step }) => step)

  test('has each step of a sign-in in order, with its decision and the IDs to search the log with', async () => {
    const { email } = await signedUp(project, 'api')
    const person = new Person(project, 'api')
    const flow = await person.begin('login')
    const fields = { method: 'password', identifier: email }
    await person.submit('login', flow, { ...fields, password: wrong }, { 'x-request-id': 'first-attempt' })
    app.clock.advance(1500)
    const { body: signedIn } = await person.submit('login', flow, { ...fields, password })
    const { status, body } = await explain(flow.id)
    expect(status).toBe(200)
    expect(body).toMatchObject({ flow: { id: flow.id, name: 'login', type: 'api' }, outcome: 'completed', errors: [] })
    expect(namesOf(body)).toEqual([
      ...['begun', 'submitted', 'method', 'anti_csrf', 'limit', 'rejected', 'shown'],
      ...['submitted', 'method', 'anti_csrf', 'limit', 'accepted', 'account', 'completed'],
    ])
    const [, first, , , limit, rejected] = body.steps
    const { id: identityId } = signedIn.session.identity
    expect(first.request).toBe('first-attempt')
    expect(limit).toMatchObject({
      proof: 'password',
      count: 1,
      permitted: 30,
      identity_id: identityId,
      outcome: 'passed',
    })
    expect(rejected).toMatchObject({ messages: [4000006], outcome: 'refused', took_ms: 0 })
    expect(body.steps.at(-1)).toMatchObject({ identity_id: identityId, session_id: signedIn.session.id, aal: 'aal1' })
    const times = body.steps.map(({ at }: { at: string }) => Date.parse(at))
    expect(times).toEqual([...times].sort())
    expect(times.at(-1) - times[0]).toBe(1500)
  })

  test('never contains what was typed, nor cookies, tokens and codes', async () => {
    const { email } = await signedUp(project, 'api')
    const ids: string[] = []
    const person = new Person(project)
    const secrets = [password, wrong]
    const login = await person.begin('login')
    ids.push(login.id)
    // A password in the field of the identifier or of the method, and one as a form.
    await person.submit('login', login, { method: 'password', identifier: wrong, password })
    await person.submit('login', login, { method: wrong, identifier: email, password })
    await person.submit('login', login, { method: 'password', identifier: email, password, csrf_token: wrong }, html)
    await person.submit('login', login, { method: 'password', identifier: email, password })
    const recovery = await new Person(project).begin('recovery')
    const lost = new Person(project, 'api')
    const flow = await lost.begin('recovery')
    await lost.submit('recovery', flow, { method: 'code', email })
    const code = await codeFor(project.ctx, email)
    const { body: recovered } = await lost.submit('recovery', flow, { method: 'code', code })
    ids.push(recovery.id, flow.id)
    secrets.push(
      code,
      ...person.cookies.values(),
      `${lost.token}`,
      `${recovered?.continue_with?.[0]?.ory_session_token}`,
    )
    const rows = await project.ctx.db.selectFrom('flows').select(['id', 'steps']).where('id', 'in', ids).execute()
    const errors = await project.ctx.db.selectFrom('flow_errors').select('explanation').execute()
    const told = await Promise.all(ids.map((id) => explain(id)))
    const all = JSON.stringify([rows.map(({ steps }) => steps), errors, told.map(({ body }) => body)])
    expect(all).toContain('completed')
    for (const secret of secrets.filter((one) => one !== 'undefined')) expect(all).not.toContain(secret)
    expect(all).not.toContain(email)
  })

  test('is found by the ID on the error page', async () => {
    const person = new Person(project)
    const flow = await person.begin('login')
    const forged = { method: 'password', identifier: 'a@harbour.example', password, csrf_token: 'forged' }
    const { headers } = await person.submit('login', flow, forged, { ...html, 'x-request-id': 'forged-one' })
    const id = new URL(`${headers.location}`, 'http://localhost').searchParams.get('id') ?? ''
    const { body } = await explain(id)
    expect(body).toMatchObject({
      flow: { id: flow.id },
      outcome: 'failed',
      error: { id, request: 'forged-one', error: { code: 403 } },
      errors: [id],
    })
    expect(namesOf(body)).toEqual(['begun', 'submitted', 'method', 'failed'])
    expect(body.steps.at(-1)).toMatchObject({ error: 'security_csrf_violation', status: 403, outcome: 'refused' })
    expect((await explain(flow.id)).body).toMatchObject({ errors: [id], steps: body.steps })
  })

  test('tells of an error without a flow, and of neither', async () => {
    const { headers } = await new Person(project).call('GET', '/self-service/logout?token=unknown', { headers: html })
    const id = new URL(`${headers.location}`, 'http://localhost').searchParams.get('id') ?? ''
    const { body } = await explain(id)
    expect(body).toMatchObject({ outcome: 'failed', error: { id }, errors: [id], steps: [] })
    expect(body.flow).toBeUndefined()
    expect((await explain('00000000-0000-4000-8000-000000000000')).status).toBe(404)
    expect((await explain('no-id')).status).toBe(400)
  })

  test('is for administrators of the project only', async () => {
    const flow = await new Person(project, 'api').begin('login')
    const other = await app.project()
    expect((await explain(flow.id, other)).status).toBe(404)
    expect((await project.call('GET', `/admin/explanations/${flow.id}`, { token: null })).status).toBe(401)
  })

  test('leaves out steps in the middle of a long flow, and says how many', async () => {
    const unlimited = await app.project(({ security, ...identity }) => ({
      ...identity,
      security: { ...security, attempts: { ...security.attempts, enabled: false } },
    }))
    const person = new Person(unlimited, 'api')
    const flow = await person.begin('login')
    for (let i = 0; i < 20; i++)
      await person.submit('login', flow, { method: 'password', identifier: 'a@harbour.example', password: wrong })
    const { body } = await explain(flow.id, unlimited)
    expect(body.steps).toHaveLength(mostSteps)
    const omitted = body.steps.find(({ step }: { step: string }) => step === 'omitted')
    expect(omitted.omitted).toBe(1 + 20 * 5 - (mostSteps - 1))
    const row = await unlimited.ctx.db.selectFrom('flows').select('steps').where('id', '=', flow.id).executeTakeFirst()
    expect(row?.steps?.length).toBeLessThan(8000)
  })
})

test('of a flow that a web hook refused at its beginning, the steps are found by the ID on the error page', async () => {
  const hooked = await openHooked()
  hooked.target.answers.set('/before', { status: 403, body: { messages: [] } })
  const project = await hooked.withHooks('login', 'before', [hooked.webHook('/before', interrupting)])
  const { headers } = await new Person(project).call('GET', '/self-service/login/browser', { headers: html })
  const id = new URL(`${headers.location}`, 'http://localhost').searchParams.get('id') ?? ''
  const { body } = await project.call('GET', `/admin/explanations/${id}`)
  expect(body.steps.map(({ step }: { step: string }) => step)).toEqual(['begun', 'hook', 'failed'])
  expect(body.steps[1]).toMatchObject({ when: 'before', status: 403, outcome: 'failed' })
  expect(body.steps[1].hook).toMatch(/^127\.0\.0\.1:\d+$/)
  expect(body.outcome).toBe('failed')
  await hooked.close()
})

test('the steps of a sign-in have the web hooks that were asked, and those notified in vain', async () => {
  const hooked = await openHooked()
  hooked.target.answers.set('/late', { status: 400 })
  const asked = hooked.webHook('/ask', { ...interrupting, id: 'ask-first' })
  const project = await hooked.withHooks('login', 'after', [asked, hooked.webHook('/late'), hooked.webHook('/fine')])
  const { email, person } = await member(project)
  const flow = await person.begin('login')
  await person.submit('login', flow, { method: 'password', identifier: email, password })
  const { body } = await project.call('GET', `/admin/explanations/${flow.id}`)
  const hooks = body.steps.filter(({ step }: { step: string }) => step === 'hook')
  expect(hooks).toMatchObject([
    { hook: 'ask-first', when: 'asked', status: 200, outcome: 'passed' },
    { when: 'notified', status: 400, outcome: 'failed' },
  ])
  expect(body.outcome).toBe('completed')
  await hooked.close()
})

test('a sign-in that succeeds writes its flow once, as without steps', async () => {
  const app = await openFlows('memory')
  const project = await app.project()
  const { email } = await signedUp(project, 'api')
  const person = new Person(project, 'api')
  const flow = await person.begin('login')
  const db = app.database.unscoped
  await sql`create table flow_updates (id text)`.execute(db)
  await sql`create trigger count_updates after update on flows begin insert into flow_updates values (new.id); end`.execute(
    db,
  )
  expect((await person.submit('login', flow, { method: 'password', identifier: email, password })).status).toBe(200)
  const { rows } = await sql<{ id: string }>`select id from flow_updates`.execute(db)
  expect(rows).toEqual([{ id: flow.id }])
  const stored = await project.ctx.db.selectFrom('flows').select('steps').where('id', '=', flow.id).executeTakeFirst()
  expect(stored?.steps?.length).toBeLessThan(700)
  await app.close()
})
