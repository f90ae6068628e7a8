import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dsns, openTestApp } from '../../test/app.ts'
import { courierCases } from '../../test/courier-cases.ts'
import { address, email, fill, identifier } from '../../test/filled-project.ts'
import { importCases } from '../../test/import-cases.ts'
import { oauth2Cases } from '../../test/oauth2-cases.ts'
import { listingCases } from '../../test/permission/listing-cases.ts'
import { permissionCases } from '../../test/permission/store-cases.ts'
import { refused, selfserviceCases } from '../../test/selfservice-cases.ts'
import * as apikey from '../apikey/store.ts'
import * as event from '../event/store.ts'
import * as identityList from '../identity/list-store.ts'
import * as identityMerge from '../identity/merge/store.ts'
import * as identityReseal from '../identity/reseal-store.ts'
import * as identity from '../identity/store.ts'
import type { Context } from '../kernel/context.ts'
import * as limits from '../limit/counter-store.ts'
import * as deviceBound from '../session/device-bound/store.ts'
import * as devices from '../session/device-store.ts'
import * as session from '../session/store.ts'
import * as projectConfig from './config-store.ts'

/** What one project holds: everything that another could ask for. */
type Held = Awaited<ReturnType<typeof fill>>
/** Asks for it in the name of another project. */
type Case = (ctx: Context, held: Held) => unknown

const far = Date.UTC(2100, 0, 1)
const page = { size: 100 }

/** For every function that queries: what finds or changes something in the project that it belongs to. */
const cases: Record<string, { module: object; cases: Record<string, Case> }> = {
  'apikey/store.ts': {
    module: apikey,
    cases: {
      createProjectToken: async (ctx) => void (await apikey.createProjectToken(ctx, 'another')),
      findProjectToken: (ctx, { token }) => apikey.findProjectToken(ctx, token),
      hasProjectTokens: (ctx) => apikey.hasProjectTokens(ctx),
    },
  },
  'project/config-store.ts': {
    module: projectConfig,
    cases: {
      findConfigDocument: (ctx) => projectConfig.findConfigDocument(ctx),
      saveConfigDocument: (ctx) => projectConfig.saveConfigDocument(ctx, { document: { name: 'another' }, now: far }),
    },
  },
  'event/store.ts': {
    module: event,
    cases: {
      insertEvents: (ctx, held) => event.insertEvents(ctx, [held.event]),
      listEvents: (ctx) => event.listEvents(ctx, {}),
      removeOldEvents: (ctx) => event.removeOldEvents(ctx, far, 100),
    },
  },
  'identity/store.ts': {
    module: identity,
    cases: {
      findRow: (ctx, { person }) => identity.findRow(ctx, { id: person.document.id }),
      findIdentity: (ctx, { person }) => identity.findIdentity(ctx, person.document.id),
      findByIdentifier: (ctx) => identity.findByIdentifier(ctx, 'password', email),
      findByAddress: (ctx) => identity.findByAddress(ctx, 'recovery', { via: 'email', value: email }),
      holdIdentities: async (ctx, { person }) => [...(await identity.holdIdentities(ctx, [person.document.id]))],
      lockIdentity: (ctx, { person }) => identity.lockIdentity(ctx, person.document.id),
      insertIdentityRow: (ctx, { person }) => identity.insertIdentityRow(ctx, person),
      insertIdentityRows: (ctx, { person }) => identity.insertIdentityRows(ctx, [person]),
      updateIdentityRow: (ctx, { person }) =>
        identity.updateIdentityRow(ctx, { ...person, document: { ...person.document, state: 'inactive' } }),
      deleteIdentityRow: (ctx, { person }) => identity.deleteIdentityRow(ctx, person.document.id),
      addIdentifiers: (ctx, { person }) =>
        refused(identity.addIdentifiers(ctx, person.document.id, [{ credential_type: 'code', identifier: 'x' }])),
      removeIdentifiers: (ctx, { person }) => identity.removeIdentifiers(ctx, person.document.id, [identifier]),
      addAddresses: (ctx, { person }) =>
        refused(identity.addAddresses(ctx, person.document.id, [{ ...address, value: 'x' }])),
      removeAddresses: (ctx, { person }) => identity.removeAddresses(ctx, person.document.id, [address]),
      takenIdentifiers: (ctx) => identity.takenIdentifiers(ctx, 'somebody', [identifier]),
      takenAddresses: (ctx) => identity.takenAddresses(ctx, 'somebody', [address]),
      rowsWithIdentifiers: (ctx) => identity.rowsWithIdentifiers(ctx, [email]),
      rowsWithAddresses: (ctx) => identity.rowsWithAddresses(ctx, [email]),
      takenExternalIds: (ctx) => identity.takenExternalIds(ctx, ['berth-7']),
      addUniqueRows: (ctx, { person }) =>
        refused(identity.addUniqueRows(ctx, [{ ...identifier, identity_id: person.document.id }], [])),
    },
  },
  'identity/merge/store.ts': {
    module: identityMerge,
    cases: {
      insertMerge: (ctx, { merge }) => refused(identityMerge.insertMerge(ctx, merge)),
      takeMerge: (ctx, { merge }) => identityMerge.takeMerge(ctx, merge.id),
      countActiveSessions: (ctx, { person }) => identityMerge.countActiveSessions(ctx, person.document.id),
      removeExpiredMerges: (ctx) => identityMerge.removeExpiredMerges(ctx, far, 100),
      resealMerges: (ctx) => identityMerge.resealMerges(ctx, { after: '', limit: 10 }),
    },
  },
  'identity/list-store.ts': {
    module: identityList,
    cases: {
      listRows: async (ctx, { person }) => [
        ...(await identityList.listRows(ctx, { credentials: false }, page)),
        ...(await identityList.listRows(ctx, { credentials: true, ids: [person.document.id] }, page)),
        ...(await identityList.listRows(
          ctx,
          { credentials: false, identifier: [{ types: ['password'], text: email }] },
          page,
        )),
        ...(await identityList.listRows(
          ctx,
          { credentials: false, identifierPrefix: [{ types: ['password'], text: 'ada' }] },
          page,
        )),
      ],
      writePage: async (ctx) => (await identityList.writePage(ctx, [{ schemaId: 'person', head: '{' }], page)).count,
      hasAfter: (ctx) => identityList.hasAfter(ctx, ''),
      countRows: (ctx) => identityList.countRows(ctx, {}),
    },
  },
  'identity/reseal-store.ts': {
    module: identityReseal,
    cases: { resealCredentials: (ctx) => identityReseal.resealCredentials(ctx, { after: '', limit: 10 }) },
  },
  'session/store.ts': {
    module: session,
    cases: {
      findByTokenHash: (ctx, held) => session.findByTokenHash(ctx, held.session.token),
      findWithCredentials: (ctx, held) => session.findWithCredentials(ctx, held.session.token),
      findInForce: (ctx, held) => session.findInForce(ctx, held.session.token),
      insertSession: (ctx, held) => refused(session.insertSession(ctx, held.session, 'other')),
      updateSession: (ctx, held) => session.updateSession(ctx, { ...held.session, aal: 'aal2' }),
      setExpiry: (ctx, held) => session.setExpiry(ctx, held.session.id, far),
      revokeRows: (ctx, held) => session.revokeRows(ctx, { id: held.session.id }),
      countRowsOf: (ctx, held) => session.countRowsOf(ctx, { id: held.session.id }),
      deleteRows: (ctx, { person }) => session.deleteRows(ctx, { identityId: person.document.id }),
      findIds: (ctx) => session.findIds(ctx, {}, { isActive: true, limit: 10 }),
      findListed: (ctx, held) => session.findListed(ctx, held.session.id),
      listSessionRows: (ctx) => session.listSessionRows(ctx, {}, page),
      countSessions: (ctx) => session.countSessions(ctx, {}),
    },
  },
  'session/device-bound/store.ts': {
    module: deviceBound,
    cases: {
      findBinding: (ctx, held) => deviceBound.findBinding(ctx, held.session.id),
      bind: (ctx, held) => deviceBound.bind(ctx, held.session.id, { key: { alg: 'ES256', kty: 'EC' }, provedAt: 1 }),
      redeemChallenge: async (ctx, held) => {
        await deviceBound.bind(ctx, held.session.id, { key: { alg: 'ES256', kty: 'EC' }, provedAt: 1 })
        return deviceBound.redeemChallenge(ctx, held.session.id, far)
      },
    },
  },
  'session/device-store.ts': {
    module: devices,
    cases: {
      hasDevice: (ctx, { person }) => devices.hasDevice(ctx, person.document.id, ['device']),
      insertDevice: (ctx, { person }) =>
        refused(devices.insertDevice(ctx, { identityId: person.document.id, hash: 'other', expiresAt: far }, 10)),
      deleteDevices: (ctx, { person }) => devices.deleteDevices(ctx, person.document.id, []),
      removeExpiredDevices: (ctx) => devices.removeExpiredDevices(ctx, far, 100),
    },
  },
  ...oauth2Cases,
  ...selfserviceCases,
  'limit/counter-store.ts': {
    module: limits,
    cases: {
      increment: async (ctx) => (await limits.increment(ctx, ['account'], 1000)).filter(({ count }) => count > 1),
      reset: (ctx) => limits.reset(ctx, 'account'),
      decrement: (ctx) => limits.decrement(ctx, ['account']),
      removeOldCounters: (ctx) => limits.removeOldCounters(ctx, far, 100),
    },
  },
  ...permissionCases,
  'permission/listing/store.ts': listingCases,
  ...courierCases,
  ...importCases,
}

/** They tell of all projects at once, for jobs and metrics. */
const ofAllProjects = ['courier/store.ts dueProjects', 'courier/store.ts countWaiting']
/** They hold what belongs to no project, or clean up all of them. */
const installationWide = ['project/store.ts', 'permission/import/store.ts', 'session/clean-store.ts', 'kratos/store.ts']

const src = fileURLToPath(new URL('..', import.meta.url))

describe('the cases', () => {
  it('are there for every function of every store', () => {
    const stores = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /store\.ts$/.test(file))
    expect(stores.filter((file) => !(file in cases) && !installationWide.includes(file))).toEqual([])
    const missing = Object.entries(cases).flatMap(([file, { module, cases: own }]) =>
      Object.entries(module)
        .filter(([name, value]) => typeof value === 'function' && !(name in own))
        .map(([name]) => `${file} ${name}`)
        .filter((name) => !ofAllProjects.includes(name)),
    )
    expect(missing).toEqual([])
  })
})

describe.each(dsns)('two projects on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let held: Held
  beforeAll(async () => {
    app = await openTestApp(dsn, [])
    held = await fill((await app.project()).ctx)
  })
  afterAll(() => app.close())

  /** Every row that belongs to a project, by table. */
  async function rowsOf(ctx: Context): Promise<Record<string, unknown[]>> {
    const tables = await app.database.unscoped.introspection.getTables()
    const scoped = tables.filter(({ columns }) => columns.some(({ name }) => name === 'project_id'))
    const db = app.database.unscoped as unknown as Kysely<Record<string, { project_id: string }>>
    const rows = scoped.map(async ({ name }) => {
      const found = await db.selectFrom(name).selectAll().where('project_id', '=', ctx.project.id).execute()
      return [name, found.map((row) => JSON.stringify(row)).sort()] as const
    })
    return Object.fromEntries(await Promise.all(rows))
  }

  it('start with a row in every table, so that none is left untried', async () => {
    const empty = Object.entries(await rowsOf(held.ctx)).filter(([, rows]) => rows.length === 0)
    expect(empty).toEqual([])
  })

  const named = Object.entries(cases).flatMap(([file, { cases: own }]) =>
    Object.entries(own).map(([name, run]) => [`${file} ${name}`, run] as const),
  )
  it.each(named)('%s shows and changes nothing of the other', async (_name, run) => {
    const other = (await app.project()).ctx
    if (_name.endsWith('hasProjectTokens')) await other.db.deleteFrom('project_tokens').execute()
    const before = await rowsOf(held.ctx)
    const shown = await run(other, held)
    expect(nothing).toContainEqual(shown)
    expect(await rowsOf(held.ctx)).toEqual(before)
  })

  it.each(named)('%s shows or changes something in its own, so that the case proves something', async (_name, run) => {
    const own = await fill((await app.project()).ctx)
    const before = JSON.stringify(await rowsOf(own.ctx))
    const shown = await Promise.resolve(run(own.ctx, own)).catch(() => 'an error, as nobody else gets')
    const same = JSON.stringify(await rowsOf(own.ctx)) === before
    if (same) expect(nothing).not.toContainEqual(shown)
  })
})

const nothing = [undefined, false, 0, []]
