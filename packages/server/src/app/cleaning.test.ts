import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../test/app.ts'
import { tupleRow } from '../../test/filled-project.ts'
import type { Context } from '../kernel/context.ts'
import { recordChanges } from '../permission/changes/record.ts'
import { clean, cleanRecords, grantCleaning } from './cleaning.ts'
import { recurringJobs } from './recurring-jobs.ts'

const hourMs = 3_600_000
const tables = ['flows', 'codes', 'flow_errors', 'session_exchanges', 'sessions', 'courier_messages'] as const

const settings = () => ({ batch_size: 100, older_than: 0, sleep: { tables: 60_000 } })

describe.each(dsns)('cleaning on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let one: TestProject
  let two: TestProject
  beforeAll(async () => {
    app = await openTestApp(dsn, [])
    one = await app.project()
    two = await app.project()
  })
  afterAll(() => app.close())

  const options = () => ({ database: app.database, clock: app.clock, settings })
  const run = () => clean(options(), new AbortController().signal)

  it('removes what ran out a day ago in every project, and keeps the rest', async () => {
    for (const { ctx } of [one, two]) await fill(ctx, 250)
    await run()
    expect(await counts(one.ctx)).toEqual([250, 250, 250, 250, 250, 250])
    app.clock.advance(2 * hourMs)
    await run()
    expect(await counts(one.ctx)).toEqual([250, 250, 250, 0, 250, 250])
    app.clock.advance(24 * hourMs)
    await fill(two.ctx, 1)
    await run()
    expect(await counts(one.ctx)).toEqual([0, 0, 0, 0, 0, 250])
    expect(await counts(two.ctx)).toEqual([1, 1, 1, 1, 1, 251])
    app.clock.advance(30 * 24 * hourMs)
    await run()
    expect(await counts(two.ctx)).toEqual([0, 0, 0, 0, 0, 1])
  })

  it.each(['queued', 'processing'] as const)('keeps a message that is %s, however old it is', async (status) => {
    const { ctx } = await app.project()
    await fill(ctx, 2)
    const [{ id: waiting } = { id: '' }] = await ctx.db.selectFrom('courier_messages').select('id').execute()
    await ctx.db.updateTable('courier_messages').set({ status }).where('id', '=', waiting).execute()
    app.clock.advance(60 * 24 * hourMs)
    await run()
    const rows = await ctx.db.selectFrom('courier_messages').select(['id', 'status']).execute()
    expect(rows).toEqual([{ id: waiting, status }])
  })

  it('removes what is known of changed permissions after a day, and goes on counting', async () => {
    const { ctx } = one
    const tuple = { ...tupleRow, condition: '' }
    const write = (count: number) => recordChanges(ctx, Array(count).fill({ action: 'insert', tuple }))
    const recorded = async () => (await ctx.db.selectFrom('relation_tuple_changes').select('revision').execute()).length
    await write(1)
    await write(2500)
    app.clock.advance(23 * hourMs)
    expect(await write(1)).toBe(3)
    await cleanRecords(options(), new AbortController().signal)
    expect(await recorded()).toBe(5)
    app.clock.advance(2 * hourMs)
    await cleanRecords(options(), new AbortController().signal)
    expect(await recorded()).toBe(1)
    app.clock.advance(24 * hourMs)
    await cleanRecords(options(), new AbortController().signal)
    expect(await recorded()).toBe(0)
    expect(await write(1)).toBe(4)
  })

  it('removes OAuth2 tokens that have expired', async () => {
    const { ctx } = one
    const now = ctx.clock.now()
    const row = (hash: string, expiresAt: number) => ({ hash, expires_at: expiresAt })
    await ctx.db
      .insertInto('oauth2_jwt_ids')
      .values([row('old', now - 1), row('new', now + hourMs)])
      .execute()
    await grantCleaning(options()).run(new AbortController().signal)
    expect(await ctx.db.selectFrom('oauth2_jwt_ids').select('hash').execute()).toEqual([{ hash: 'new' }])
  })

  it.each([
    [{ identities: false, oauth2: false }, ['clean records']],
    [{ identities: true, oauth2: false }, ['clean records', 'clean', 'reseal']],
    [{ identities: false, oauth2: true }, ['clean records', 'clean grants', 'reseal']],
    [{ identities: true, oauth2: true }, ['clean records', 'clean', 'clean grants', 'reseal']],
  ])('is done by a process that serves %j', (served, names) => {
    const jobs = recurringJobs(served, { ...one.ctx, ...options() })
    expect(jobs.map(({ name }) => name)).toEqual(names)
  })

  it('stops between two batches when it is told to', async () => {
    await fill(one.ctx, 50)
    app.clock.advance(48 * hourMs)
    await clean(options(), AbortSignal.abort())
    expect((await counts(one.ctx))[0]).toBe(50)
  })
})

/** Rows of every kind that run out in an hour; the last message of all is not delivered. */
async function fill(ctx: Context, count: number): Promise<void> {
  const now = ctx.clock.now()
  const expiresAt = now + hourMs
  const ids = Array.from({ length: count }, () => ctx.random.uuid())
  const identity = ids[0] ?? ''
  const none = { external_id: null, organization_id: null, metadata_admin: null }
  const times = { created_at: now, updated_at: now }
  await ctx.db
    .insertInto('identities')
    .values({
      id: identity,
      schema_id: 'person',
      state: 'active',
      document: '{}',
      credentials: '{}',
      second_factors: '',
      ...none,
      ...times,
    })
    .execute()
  const flow = { type: 'login', data: '{}', attempts: 0, expires_at: expiresAt }
  await ctx.db
    .insertInto('flows')
    .values(ids.map((id) => ({ id, ...flow })))
    .execute()
  const code = {
    flow_id: null,
    purpose: 'login',
    identity_id: null,
    via: 'email',
    address: 'a@b.example',
    expires_at: expiresAt,
    used_at: null,
  }
  await ctx.db
    .insertInto('codes')
    .values(ids.map((id) => ({ id, hash: id, ...code })))
    .execute()
  await ctx.db
    .insertInto('flow_errors')
    .values(ids.map((id) => ({ id, error: '{}', created_at: now })))
    .execute()
  const exchange = { return_to_hash: '', session_id: null, sealed_token: null, expires_at: expiresAt }
  await ctx.db
    .insertInto('session_exchanges')
    .values(ids.map((id) => ({ id, flow_id: id, init_hash: id, ...exchange })))
    .execute()
  const session = {
    identity_id: identity,
    active: 1,
    aal: 'aal1',
    authenticated_at: now,
    issued_at: now,
    expires_at: expiresAt,
    methods: '[]',
    devices: '[]',
  }
  await ctx.db
    .insertInto('sessions')
    .values(ids.map((id) => ({ id, token_hash: id, ...session })))
    .execute()
  const status = count === 1 ? ('queued' as const) : ('sent' as const)
  const mail = {
    type: 'email' as const,
    status,
    recipient: 'a@b.example',
    subject: '',
    body: '',
    html: null,
    template_type: 'stub',
  }
  const waiting = { template_data: null, channel: null, send_count: 0, next_attempt_at: now, claimed_by: null }
  await ctx.db
    .insertInto('courier_messages')
    .values(ids.map((id) => ({ id, ...mail, ...waiting, ...times })))
    .execute()
}

async function counts(ctx: Context): Promise<number[]> {
  const found = tables.map(async (table) => (await ctx.db.selectFrom(table).select('id').execute()).length)
  return Promise.all(found)
}
