import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import { freshEmail, openFlows, Person, password } from '../../../test/people.ts'

describe.each(dsns)('the session that a browser begins for an app, on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project()
  })
  afterAll(() => app.close())

  /** An app began a flow; a browser carried it on and was sent back to the app with the second code. */
  async function exchange() {
    const email = freshEmail()
    await new Person(project, 'api').signUp(email)
    const flow = await new Person(project, 'api').begin(
      'login',
      '?return_session_token_exchange_code=true&return_to=%2Fdone',
    )
    const init = flow.session_token_exchange_code
    expect(init).toMatch(/^\w{64}$/)
    const fields = { method: 'password', identifier: email, password }
    const answer = await new Person(project).submit('login', flow, fields, { accept: 'text/html' })
    const back = new URL(String(answer.headers.location))
    expect([answer.status, back.pathname]).toEqual([303, '/done'])
    return { email, flow, init, code: back.searchParams.get('code') ?? '', answer }
  }
  const fetchToken = (init: string, code: string, at = project) =>
    new Person(at, 'api').call('GET', `/sessions/token-exchange?init_code=${init}&return_to_code=${code}`)

  test('is fetched with both codes', async () => {
    const { email, init, code } = await exchange()
    const { status, body } = await fetchToken(init, code)
    expect([status, body.session.identity.traits.email]).toEqual([200, email])
    const person = new Person(project, 'api')
    person.token = body.session_token
    expect(await person.whoami()).toBe(email)
  })

  test('is not fetched with one code, or with wrong ones', async () => {
    const [mine, theirs] = [await exchange(), await exchange()]
    expect((await fetchToken(mine.init, '')).status).toBe(400)
    expect((await fetchToken('', mine.code)).status).toBe(400)
    const pairs = [
      [mine.init, theirs.code],
      [mine.init, mine.init],
      [mine.code, mine.init],
      [mine.code, mine.code],
      [mine.flow.id, mine.code],
    ] as const
    for (const [init, code] of pairs) expect((await fetchToken(init, code)).status).toBe(404)
  })

  test('is not fetched before somebody has signed in', async () => {
    const flow = await new Person(project, 'api').begin(
      'login',
      '?return_session_token_exchange_code=true&return_to=%2Fdone',
    )
    expect((await fetchToken(flow.session_token_exchange_code, 'x')).status).toBe(404)
  })

  test('is not fetched from another project', async () => {
    const { init, code } = await exchange()
    expect((await fetchToken(init, code, await app.project())).status).toBe(404)
  })

  test('is not fetched after it has ended, or the exchange has run out', async () => {
    const [ended, late] = [await exchange(), await exchange()]
    const person = new Person(project, 'api')
    person.token = (await fetchToken(ended.init, ended.code)).body.session_token
    await person.call('DELETE', '/self-service/logout/api', { json: { session_token: person.token } })
    expect((await fetchToken(ended.init, ended.code)).status).toBe(404)
    app.clock.advance(3_600_000)
    expect((await fetchToken(late.init, late.code)).status).toBe(404)
  })

  test('is kept from the browser and from a reader of the database', async () => {
    const { init, code, answer } = await exchange()
    const { body } = await fetchToken(init, code)
    expect(JSON.stringify([answer.body, answer.headers])).not.toContain('ory_st_')
    const rows = await project.ctx.db.selectFrom('session_exchanges').selectAll().execute()
    for (const secret of [init, code, body.session_token]) expect(JSON.stringify(rows)).not.toContain(secret)
  })

  test('belongs to the first who signs in: a second cannot put another session into it', async () => {
    const { email, flow, init, code } = await exchange()
    const other = freshEmail()
    await new Person(project, 'api').signUp(other)
    const fields = { method: 'password', identifier: other, password }
    await new Person(project).submit('login', flow, fields, { accept: 'text/html' })
    expect((await fetchToken(init, code)).body.session.identity.traits.email).toBe(email)
  })
})
