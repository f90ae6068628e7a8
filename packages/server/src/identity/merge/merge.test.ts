import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import { freshEmail, openFlows, Person, password } from '../../../test/people.ts'
import { clean } from '../../app/cleaning.ts'
import type { IdentityConfig } from '../../kernel/config/index.ts'

const dayMs = 24 * 3_600_000
const marked = { 'ory.sh/kratos': { credentials: { password: { identifier: true } }, verification: { via: 'email' } } }
/** A person with a list of addresses, so that a merge can add one. */
const schema = {
  type: 'object',
  properties: {
    traits: {
      type: 'object',
      properties: {
        emails: { type: 'array', maxItems: 3, items: { type: 'string', format: 'email', ...marked } },
        name: { type: 'string' },
        city: { type: 'string' },
      },
      additionalProperties: false,
    },
  },
}
const totp = { config: { totp_url: 'otpauth://totp/Pier:ada?secret=JBSWY3DPEHPK3PXP' } }
const connection = (subject: string) => ({ config: { providers: [{ provider: 'harbour', subject }] } })

describe.each(dsns)('merging identities on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  const open = async () => {
    const made = await app.project((identity: IdentityConfig) => identity)
    const { config } = made.ctx
    const list = {
      id: 'list',
      url: 'https://x.example/l',
      rawUrl: 'base64://',
      document: schema,
      selfserviceSelectable: false,
    }
    Object.assign(made.ctx, { config: { ...config, identitySchemas: [...config.identitySchemas, list] } })
    return made
  }
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await open()
  })
  afterAll(() => app.close())

  async function create(emails: string[], more: { traits?: object; [member: string]: unknown } = {}, at = project) {
    const { traits, ...members } = more
    const json = { schema_id: 'list', traits: { emails, ...traits }, ...members }
    const { status, body } = await at.call('POST', '/admin/identities', { json })
    expect([status, body.error]).toEqual([201, undefined])
    return body.id as string
  }
  const get = async (id: string, at = project) =>
    (
      await at.call(
        'GET',
        `/admin/identities/${id}?include_credential=password&include_credential=oidc&include_credential=totp`,
      )
    ).body
  const merge = (into: string, from: string, more: object = {}, at = project) =>
    at.call('POST', `/admin/identities/${into}/merge`, { json: { from, ...more } })
  const undo = (id: string, at = project) => at.call('POST', `/admin/identity-merges/${id}/undo`)
  const withoutTimes = ({ updated_at: _u, credentials, ...rest }: Record<string, unknown>) => ({
    ...rest,
    credentials: JSON.parse(JSON.stringify(credentials, (name, value) => (name === 'updated_at' ? undefined : value))),
  })

  /** Two identities of the same person: one with a password, the other with everything else. */
  async function pair(at = project) {
    const [old, other] = [freshEmail(), freshEmail('other')]
    const into = await create(
      [old],
      { traits: { name: 'Ada' }, credentials: { password: { config: { password } } } },
      at,
    )
    const from = await create(
      [other],
      {
        traits: { name: 'A. L.', city: 'Pier' },
        verifiable_addresses: [{ value: other, verified: true, via: 'email', status: 'completed' }],
        credentials: { password: { config: { password: 'the other lantern' } }, oidc: connection(other), totp },
        metadata_public: { plan: 'gold' },
        external_id: `berth-${other}`,
      },
      at,
    )
    return { old, other, into, from }
  }

  it('a preview tells what would become of both, and changes nothing', async () => {
    const { old, other, into, from } = await pair()
    const before = [await get(into), await get(from)]
    const { status, body } = await merge(into, from, { preview: true })
    expect([status, body.id, body.preview]).toEqual([200, undefined, true])
    expect(body.identity.traits).toEqual({ emails: [old, other], name: 'Ada', city: 'Pier' })
    expect(body.traits).toEqual({
      added: ['/emails', '/city'],
      conflicts: [{ path: '/name', kept: 'Ada', lost: 'A. L.' }],
    })
    expect(body.credentials).toEqual({
      moved: expect.arrayContaining(['oidc', 'totp']),
      conflicts: [{ type: 'password', reason: expect.any(String) }],
    })
    expect(body.addresses).toEqual({ added: [{ via: 'email', value: other, verified: true }], lost: [] })
    expect(body.members).toEqual({ moved: ['external_id', 'metadata_public'], lost: [] })
    expect(JSON.stringify(body)).not.toMatch(/JBSWY3DP|hashed_password/)
    expect([await get(into), await get(from)]).toEqual(before)
  })

  it('a merge moves credentials and addresses, ends sessions, and records its event', async () => {
    const { old, other, into, from } = await pair()
    const [mine, theirs] = [new Person(project, 'api'), new Person(project, 'api')]
    await mine.signIn(old)
    await theirs.signIn(other, 'the other lantern')
    const previewed = (await merge(into, from, { preview: true })).body
    const { status, body } = await merge(into, from)
    expect([status, body.sessions]).toEqual([200, { ended: 1 }])
    for (const part of ['traits', 'credentials', 'addresses', 'members', 'sessions'])
      expect(body[part]).toEqual(previewed[part])
    expect((await project.call('GET', `/admin/identities/${from}`)).status).toBe(404)
    const after = await get(into)
    expect(after.credentials.oidc).toMatchObject({ identifiers: [`harbour:${other}`] })
    expect(after.credentials.totp).toMatchObject({ identifiers: [into], config: totp.config })
    expect(after).toMatchObject({ metadata_public: { plan: 'gold' }, external_id: `berth-${other}` })
    expect((await theirs.call('GET', '/sessions/whoami')).status).toBe(401)
    // The session is still there; it lacks the second factor that the identity has gained.
    expect((await mine.call('GET', '/sessions/whoami')).body.error.id).toBe('session_aal2_required')
    // The added address signs in with the password that was kept.
    expect((await new Person(project, 'api').signIn(other)).status).toBe(200)
    expect((await new Person(project, 'api').signIn(other, 'the other lantern')).status).toBe(400)
    const { actor_type, attributes } = await project.ctx.db
      .selectFrom('events')
      .select(['actor_type', 'attributes'])
      .where('name', '=', 'IdentityMerged')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect([actor_type, JSON.parse(attributes)]).toEqual([
      'project_token',
      { IdentityID: into, MergedIdentityID: from, MergeID: body.id },
    ])
  })

  it('what is lost is told: traits that the schema does not allow together, and their addresses', async () => {
    const into = await create([freshEmail(), freshEmail()])
    const lost = [freshEmail('lost'), freshEmail('lost')]
    const from = await create(lost, { traits: { city: 'Pier' } })
    const { body } = await merge(into, from)
    expect(body.traits.added).toEqual([])
    expect(body.traits.conflicts).toContainEqual({ path: '/city', kept: null, lost: 'Pier' })
    expect(body.addresses.lost.map(({ value }: { value: string }) => value)).toEqual(lost)
  })

  it('undoing restores both identities, once', async () => {
    const { old, other, into, from } = await pair()
    const before = [withoutTimes(await get(into)), withoutTimes(await get(from))]
    const { id } = (await merge(into, from)).body
    const answers = await Promise.all([undo(id), undo(id), undo(id)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404])
    expect(answers.find(({ status }) => status === 200)?.body).toEqual({ identity_id: into, restored_id: from })
    expect([withoutTimes(await get(into)), withoutTimes(await get(from))]).toEqual(before)
    expect((await new Person(project, 'api').signIn(old)).status).toBe(200)
    expect((await new Person(project, 'api').signIn(other, 'the other lantern')).status).toBe(200)
  })

  it('of simultaneous merges of the same identity exactly one wins', async () => {
    const { into, from } = await pair()
    const third = await create([freshEmail('third')])
    const answers = await Promise.all([merge(into, from), merge(third, from), merge(into, from), merge(from, into)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404])
  })

  it('undoing is refused once what it needs has changed', async () => {
    const { into, from } = await pair()
    const first = (await merge(into, from)).body.id
    const patch = [{ op: 'replace', path: '/traits/name', value: 'Eve' }]
    expect((await project.call('PATCH', `/admin/identities/${into}`, { json: patch })).status).toBe(200)
    const changed = await undo(first)
    expect([changed.status, changed.body.error.reason]).toEqual([
      409,
      expect.stringContaining('changed after the merge'),
    ])

    // The refused undo has used up nothing.
    await project.call('PATCH', `/admin/identities/${into}`, { json: [{ ...patch[0], value: 'Ada' }] })
    expect((await undo(first)).status).toBe(200)
  })

  it('undoing is refused if an address that was lost belongs to somebody else', async () => {
    const into = await create([freshEmail(), freshEmail()])
    const lost = freshEmail('lost')
    const from = await create([lost, freshEmail('lost')])
    const { id } = (await merge(into, from)).body
    await create([lost])
    const answer = await undo(id)
    expect([answer.status, answer.body.error.reason]).toEqual([409, expect.stringContaining('another identity')])
    expect((await get(into)).id).toBe(into)
  })

  it('the snapshot is encrypted, and is deleted after 30 days', async () => {
    const at = await open()
    const { other, into, from } = await pair(at)
    const { id, undo_until } = (await merge(into, from, {}, at)).body
    expect(Date.parse(undo_until)).toBe(app.clock.now() + 30 * dayMs)
    const rows = () => at.ctx.db.selectFrom('identity_merges').select('sealed_snapshot').execute()
    const [row] = await rows()
    expect(row?.sealed_snapshot).not.toMatch(new RegExp(`${other}|Pier`))
    app.clock.advance(30 * dayMs)
    expect((await undo(id, at)).status).toBe(404)
    const settings = () => ({ batch_size: 100, older_than: 0, sleep: { tables: 60_000 } })
    await clean({ database: app.database, clock: app.clock, settings }, new AbortController().signal)
    expect(await rows()).toEqual([])
  })

  it.each([
    ['itself', 400],
    ['nobody', 404],
    ['no UUID', 400],
    ['an identity of another project', 404],
  ])('%s cannot be merged', async (what, status) => {
    const into = await create([freshEmail()])
    const elsewhere = await open()
    const from = {
      itself: into,
      nobody: '0190a1b2-0000-7000-8000-000000000000',
      'no UUID': 'ada',
      'an identity of another project': await create([freshEmail()], {}, elsewhere),
    }[what] as string
    for (const preview of [true, false]) expect((await merge(into, from, { preview })).status).toBe(status)
    expect((await undo('ada')).status).toBe(404)
  })

  it('needs an admin token', async () => {
    const { into, from } = await pair()
    const path = `/admin/identities/${into}/merge`
    expect((await project.call('POST', path, { token: null, json: { from } })).status).toBe(401)
    const undoPath = `/admin/identity-merges/${from}/undo`
    expect((await project.call('POST', undoPath, { token: null })).status).toBe(401)
  })
})
