import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHookTarget } from '../../../../test/hook-target.ts'
import { freshEmail, messageIds, openFlows, Person, password } from '../../../../test/people.ts'
import { countFirstFactors } from '../../../identity/credentials/index.ts'
import { findIdentity } from '../../../identity/index.ts'
import { loadHooks } from '../../index.ts'

let app: Awaited<ReturnType<typeof openFlows>>
let old: Awaited<ReturnType<typeof openHookTarget>>
beforeAll(async () => {
  app = await openFlows('memory')
  old = await openHookTarget()
})
afterAll(async () => {
  await app.close()
  await old.close()
})

const match = { status: 200, body: { status: 'password_match' } }
const base64 = (text: string) => `base64://${Buffer.from(text).toString('base64')}`

/** A project that asks the previous system at this path. */
async function projectAsking(path: string, { enabled = true, ...more }: Record<string, unknown> = {}) {
  const project = await app.project((identity) => {
    const { selfservice } = identity
    const { password: method } = selfservice.methods
    const request = { url: old.url(path), method: 'POST', headers: {}, emit_analytics_event: true, ...more }
    const config = { ...method.config, migrate_hook: { enabled, config: request } }
    const methods = { ...selfservice.methods, password: { ...method, config } }
    return { ...identity, selfservice: { ...selfservice, methods } } as typeof identity
  })
  const { ctx } = project
  expect(await loadHooks(ctx.config.identity.selfservice, { folder: undefined, fetch: ctx.fetch })).toEqual([])
  return project
}

type Project = Awaited<ReturnType<typeof projectAsking>>

/** Somebody whose password only the previous system knows. */
async function migrating(project: Project) {
  const email = freshEmail()
  const credentials = { password: { config: { use_password_migration_hook: true } } }
  const { body } = await project.call('POST', '/admin/identities', {
    json: { schema_id: 'person', traits: { email }, credentials },
  })
  return { email, id: body.id as string, person: new Person(project, 'api') }
}

const configOf = async (project: Project, id: string) =>
  (await findIdentity(project.ctx, id))?.credentials.password?.config

describe('a password that only the previous system knows', () => {
  test('signs in, is stored, and is not asked for again', async () => {
    old.answers.set('/once', match)
    const auth = { type: 'basic_auth', config: { user: 'u', password: 'p' } }
    const project = await projectAsking('/once', { auth, headers: { 'X-From': 'kiosk' } })
    const { email, id, person } = await migrating(project)
    expect((await person.signIn(email.toUpperCase())).status).toBe(200)
    const [asked] = old.at('/once')
    expect([asked?.method, JSON.parse(asked?.text ?? '')]).toEqual([
      'POST',
      { identifier: email.toUpperCase(), password },
    ])
    expect(asked?.headers).toMatchObject({
      'content-type': 'application/json',
      authorization: `Basic ${btoa('u:p')}`,
      'x-from': 'kiosk',
    })
    expect(await configOf(project, id)).toEqual({ hashed_password: expect.stringMatching(/^\$2/) })
    old.answers.set('/once', { status: 500 })
    expect((await new Person(project, 'api').signIn(email)).status).toBe(200)
    expect((await new Person(project, 'api').signIn(email, 'another guess')).status).toBe(400)
    expect(old.at('/once')).toHaveLength(1)
  })

  test('is sent as Jsonnet makes it', async () => {
    old.answers.set('/jsonnet', match)
    const body = base64(
      'function(ctx) { user: ctx.identity.traits.email, id: ctx.identifier, secret: ctx.password, from: ctx.flow.type }',
    )
    const project = await projectAsking('/jsonnet', { body })
    const { email, person } = await migrating(project)
    expect((await person.signIn(email)).status).toBe(200)
    expect(JSON.parse(old.at('/jsonnet')[0]?.text ?? '')).toEqual({
      user: email,
      id: email,
      secret: password,
      from: 'api',
    })
  })

  test('is stored by one of several simultaneous sign-ins, and each signs in', async () => {
    old.answers.set('/race', match)
    const project = await projectAsking('/race')
    const { email, id } = await migrating(project)
    const answers = await Promise.all(Array.from({ length: 5 }, () => new Person(project, 'api').signIn(email)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(await configOf(project, id)).toEqual({ hashed_password: expect.any(String) })
  })

  test('that is reset by an own one is not asked for', async () => {
    old.answers.set('/reset', match)
    const project = await projectAsking('/reset')
    const { email, id } = await migrating(project)
    const json = {
      schema_id: 'person',
      traits: { email },
      state: 'active',
      credentials: { password: { config: { password: 'chosen by an admin' } } },
    }
    expect((await project.call('PUT', `/admin/identities/${id}`, { json })).status).toBe(200)
    expect((await new Person(project, 'api').signIn(email)).status).toBe(400)
    expect(old.at('/reset')).toEqual([])
  })
})

describe('nobody signs in, and nothing is stored', () => {
  test.each([
    ['403', { status: 403 }, 400],
    ['403 that says match', { status: 403, body: match.body }, 400],
    ['200 without a body', { status: 200 }, 400],
    ['200 with another status', { status: 200, body: { status: 'password_mismatch' } }, 400],
    ['200 with a list', { status: 200, body: ['password_match'] }, 400],
    ['200 with more than is read', { status: 200, body: { status: 'password_match', x: 'x'.repeat(1100) } }, 400],
    ['204', { status: 204 }, 502],
    ['201 that says match', { status: 201, body: match.body }, 502],
    ['404', { status: 404 }, 502],
    ['a redirect', { status: 307, headers: { location: '/elsewhere' } }, 502],
  ])('if the answer is %s', async (what, answer, status) => {
    const path = `/not-${encodeURIComponent(what)}`
    old.answers.set(path, answer)
    old.answers.set('/elsewhere', match)
    const project = await projectAsking(path)
    const { email, id, person } = await migrating(project)
    const { status: found, body } = await person.signIn(email)
    expect([found, messageIds(body)]).toEqual([status, status === 400 ? [4000006] : []])
    expect(JSON.stringify(body)).not.toContain(password)
    expect(await configOf(project, id)).toEqual({ use_password_migration_hook: true })
    expect(old.at('/elsewhere')).toEqual([])
  })

  test('if the previous system cannot be reached', async () => {
    const project = await projectAsking('/', { url: 'http://127.0.0.1:1/' })
    const { email, person } = await migrating(project)
    const answer = await person.signIn(email)
    expect([answer.status, JSON.stringify(answer.body).includes('127.0.0.1')]).toEqual([502, false])
  })

  test('if the Jsonnet fails or cancels', async () => {
    for (const [snippet, status] of [
      ['function(ctx) ctx.nothing', 500],
      ["function(ctx) error 'cancel'", 502],
    ] as const) {
      old.answers.set('/unmade', match)
      const project = await projectAsking('/unmade', { body: base64(snippet) })
      const { email, person } = await migrating(project)
      expect((await person.signIn(email)).status).toBe(status)
    }
    expect(old.at('/unmade')).toEqual([])
  })

  test('if the hook is switched off, as with a wrong password', async () => {
    old.answers.set('/off', match)
    const project = await projectAsking('/off', { enabled: false })
    const { email, person } = await migrating(project)
    const answer = await person.signIn(email)
    expect([answer.status, messageIds(answer.body), old.at('/off')]).toEqual([400, [4000006], []])
  })

  test('of an unknown account, which the previous system is not asked about', async () => {
    old.answers.set('/unknown', match)
    const project = await projectAsking('/unknown')
    expect(messageIds((await new Person(project, 'api').signIn(freshEmail())).body)).toEqual([4000006])
    expect(old.at('/unknown')).toEqual([])
  })

  test('however often it is guessed: attempts are limited, also those that the previous system does not judge', async () => {
    old.answers.set('/guessed', { status: 404 })
    const project = await projectAsking('/guessed')
    const { email } = await migrating(project)
    const limit = project.ctx.config.identity.security.attempts.per_account
    for (let i = 0; i < limit; i++)
      expect((await new Person(project, 'api').signIn(email, `guess ${i}`)).status).toBe(502)
    old.answers.set('/guessed', match)
    expect((await new Person(project, 'api').signIn(email)).status).toBe(429)
    expect(old.at('/guessed')).toHaveLength(limit)
  })
})

test.each([
  [true, 1],
  [false, 0],
])('counts as a first factor only while the hook is enabled (%s)', async (enabled, count) => {
  const project = await projectAsking('/counted', { enabled })
  const { id } = await migrating(project)
  const identity = await findIdentity(project.ctx, id)
  const { passwordless_enabled: byCode } = project.ctx.config.identity.selfservice.methods.code
  expect(identity && countFirstFactors(project.ctx, identity)).toBe(count + Number(byCode))
})
