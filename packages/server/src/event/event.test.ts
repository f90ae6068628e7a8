import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp } from '../../test/app.ts'
import { identityRoutes } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { sessionRoutes } from '../session/index.ts'
import { listEvents, record, recordAll, removeOldEvents, subscribers } from './index.ts'

const identity = { IdentityID: '0190a1b2-0000-7000-8000-000000000001' }

describe.each(dsns)('events on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  const heard: string[] = []
  beforeAll(async () => {
    app = await openTestApp(dsn, [...identityRoutes, ...sessionRoutes], {
      subscribers: subscribers({
        IdentityDeleted: [
          async (tx, { IdentityID }) => {
            heard.push(`${tx.db.isTransaction} ${IdentityID}`)
          },
        ],
      }),
    })
  })
  afterAll(() => app.close())

  const namesOf = async (ctx: Context) => (await listEvents(ctx, {})).map(({ name }) => name)

  test('are stored with the write that they tell of, or not at all', async () => {
    const { ctx } = await app.project()
    const failing = ctx.transaction(async (tx) => {
      await record(tx, 'IdentityCreated', identity)
      throw new Error('undone')
    })
    await expect(failing).rejects.toThrow('undone')
    expect(await namesOf(ctx)).toEqual([])
    await ctx.transaction((tx) => record(tx, 'IdentityCreated', identity))
    expect(await listEvents(ctx, {})).toMatchObject([
      { name: 'IdentityCreated', actor_type: 'system', actor_id: null, attributes: JSON.stringify(identity) },
    ])
  })

  test('of one transaction are stored together and in their order, also from nested ones', async () => {
    const { ctx } = await app.project()
    await ctx.transaction(async (tx) => {
      await record(tx, 'IdentityCreated', identity)
      await tx.transaction((nested) => record(nested, 'IdentityUpdated', identity))
      expect(await namesOf(tx)).toEqual([])
    })
    expect(await namesOf(ctx)).toEqual(['IdentityCreated', 'IdentityUpdated'])
  })

  test('are as many as were recorded', async () => {
    const { ctx } = await app.project()
    await ctx.transaction((tx) => recordAll(tx, 'IdentityCreated', Array(1234).fill(identity)))
    const stored = await ctx.db.selectFrom('events').select('id').execute()
    expect(new Set(stored.map(({ id }) => id)).size).toBe(1234)
    await record(ctx, 'LoginFailed', {
      FlowID: identity.IdentityID,
      SelfServiceFlowType: 'api',
      SelfServiceMethodUsed: 'password',
      ErrorReason: '4000006',
      LoginRequestedAAL: 'aal1',
      LoginRequestedPrivilegedSession: false,
    })
    expect((await ctx.db.selectFrom('events').select('id').execute()).length).toBe(1235)
  })

  test('of an administrator’s changes name the token that was used', async () => {
    const own = await app.project()
    const [token] = await own.ctx.db.selectFrom('project_tokens').select('id').execute()
    const json = { schema_id: 'person', traits: { email: 'ada@harbour.example' } }
    const { id } = (await own.call('POST', '/admin/identities', { json })).body
    await own.call('PATCH', `/admin/identities/${id}`, { json: [{ op: 'add', path: '/metadata_public', value: {} }] })
    await own.call('DELETE', `/admin/identities/${id}`)
    const attributes = JSON.stringify({ IdentityID: id })
    const by = { actor_type: 'project_token', actor_id: token?.id, attributes }
    expect(await listEvents(own.ctx, {})).toMatchObject([
      { name: 'IdentityCreated', ...by },
      { name: 'IdentityUpdated', ...by },
      { name: 'IdentityDeleted', ...by },
    ])
    expect(heard).toContain(`true ${id}`)
  })

  test('of an import tell of each identity that was created, and of no other', async () => {
    const own = await app.project()
    const patch = (email: string) => ({ create: { schema_id: 'person', traits: { email } } })
    const identities = [patch('a@harbour.example'), patch('a@harbour.example'), patch('b@harbour.example')]
    const { body } = await own.call('PATCH', '/admin/identities', { json: { identities } })
    const created = body.identities.flatMap(({ identity: id }: { identity?: string }) => id ?? [])
    const told = (await listEvents(own.ctx, {})).map(({ attributes }) => JSON.parse(attributes).IdentityID)
    expect(told.sort()).toEqual(created.sort())
    expect(told).toHaveLength(2)
  })

  test('are removed once they are old, in batches, and those of other projects stay', async () => {
    const [one, other] = [(await app.project()).ctx, (await app.project()).ctx]
    for (const ctx of [one, other])
      await ctx.transaction((tx) => recordAll(tx, 'IdentityCreated', Array(5).fill(identity)))
    app.clock.advance(1000)
    await one.transaction((tx) => record(tx, 'IdentityUpdated', identity))
    const before = app.clock.now()
    expect([await removeOldEvents(one, before, 3), await removeOldEvents(one, before, 3)]).toEqual([3, 2])
    expect(await removeOldEvents(one, before, 3)).toBe(0)
    expect(await namesOf(one)).toEqual(['IdentityUpdated'])
    expect(await namesOf(other)).toHaveLength(5)
  })
})
