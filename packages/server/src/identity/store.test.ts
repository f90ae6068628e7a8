import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp } from '../../test/app.ts'
import type { Context } from '../kernel/context.ts'
import { newIdentity } from './create.ts'
import { countRows, hasAfter, listRows, writePage } from './list-store.ts'
import type { Identity } from './record.ts'
import { changeIdentity, saveNew } from './save.ts'
import { saveAll } from './save-all.ts'
import * as store from './store.ts'

describe.each(dsns)('the store of identities on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let mine: Context
  let theirs: Context
  let identity: Identity
  const email = 'ada@harbour.example'
  const organizationId = '5f3a2b10-9c1d-4e77-8a55-0123456789ab'
  const draft = (ctx: Context, more: object = {}) =>
    newIdentity(ctx, {
      schemaId: 'person',
      traits: { email },
      externalId: 'crm-1',
      organizationId,
      ...more,
    })

  beforeAll(async () => {
    app = await openTestApp(dsn, [])
    mine = (await app.project()).ctx
    theirs = (await app.project()).ctx
    identity = draft(mine)
    await saveNew(mine, identity)
  })
  afterAll(() => app.close())

  const id = () => identity.document.id
  const page = { size: 10 }
  const reads: readonly [string, (ctx: Context) => Promise<unknown>][] = [
    ['findIdentity', (ctx) => store.findIdentity(ctx, id())],
    ['findByIdentifier', (ctx) => store.findByIdentifier(ctx, 'password', email)],
    ['findByAddress', (ctx) => store.findByAddress(ctx, 'recovery', { via: 'email', value: email })],
    ['findRow by id', (ctx) => store.findRow(ctx, { id: id() })],
    ['findRow by external id', (ctx) => store.findRow(ctx, { externalId: 'crm-1' })],
    ['lockIdentity', (ctx) => store.lockIdentity(ctx, id())],
    [
      'takenIdentifiers',
      (ctx) => store.takenIdentifiers(ctx, 'x', [{ credential_type: 'password', identifier: email }]),
    ],
    ['takenAddresses', (ctx) => store.takenAddresses(ctx, 'x', [{ kind: 'recovery', via: 'email', value: email }])],
    ['rowsWithIdentifiers', (ctx) => store.rowsWithIdentifiers(ctx, [email])],
    ['rowsWithAddresses', (ctx) => store.rowsWithAddresses(ctx, [email])],
    ['takenExternalIds', (ctx) => store.takenExternalIds(ctx, ['crm-1'])],
    ['listRows', (ctx) => listRows(ctx, { credentials: false }, page)],
    ['listRows with credentials', (ctx) => listRows(ctx, { credentials: true }, page)],
    ['listRows of ids', (ctx) => listRows(ctx, { credentials: false, ids: [id()] }, page)],
    [
      'listRows of an identifier',
      (ctx) => listRows(ctx, { credentials: true, identifier: [{ types: ['password'], text: email }] }, page),
    ],
    [
      'listRows of a start',
      (ctx) => listRows(ctx, { credentials: true, identifierPrefix: [{ types: ['password'], text: 'ada' }] }, page),
    ],
    ['listRows of an organization', (ctx) => listRows(ctx, { credentials: false, organizationId }, page)],
    ['writePage', async (ctx) => (await writePage(ctx, [{ schemaId: 'person', head: '{' }], page)).count],
    ['hasAfter', async (ctx) => Number(await hasAfter(ctx, ''))],
    ['countRows', (ctx) => countRows(ctx, {})],
  ]
  const isNothing = (value: unknown) =>
    value === undefined || value === 0 || (Array.isArray(value) && value.length === 0)

  test.each(reads)('%s finds what is there, and nothing of another project', async (_, read) => {
    expect(isNothing(await read(mine))).toBe(false)
    expect(isNothing(await read(theirs))).toBe(true)
  })

  test('no write reaches another project', async () => {
    const before = await store.findIdentity(mine, id())
    const claims = { credential_type: 'password', identifier: email }
    const addresses = { kind: 'recovery' as const, via: 'email', value: email }
    await store.updateIdentityRow(theirs, { ...identity, metadataAdmin: 'theirs' })
    await store.removeIdentifiers(theirs, id(), [claims])
    await store.removeAddresses(theirs, id(), [addresses])
    expect(await changeIdentity(theirs, id(), (same) => same)).toBeUndefined()
    expect(await store.deleteIdentityRow(theirs, id())).toBe(false)
    expect(await store.findIdentity(mine, id())).toEqual(before)
    expect(await store.takenIdentifiers(mine, 'x', [claims])).toHaveLength(1)
    expect(await store.takenAddresses(mine, 'x', [addresses])).toHaveLength(1)
    await expect(store.addIdentifiers(theirs, id(), [{ ...claims, identifier: 'new' }])).rejects.toThrow()
    await expect(store.addAddresses(theirs, id(), [{ ...addresses, value: 'new' }])).rejects.toThrow()
  })

  test('what is taken in one project is free in another', async () => {
    const one = draft(theirs)
    await saveNew(theirs, one)
    await store.deleteIdentityRow(theirs, one.document.id)
    expect(await saveAll(theirs, [draft(theirs)])).toEqual(new Map())
    expect(await saveAll(mine, [draft(mine)])).toEqual(new Map([[0, 'external_id']]))
  })
})
