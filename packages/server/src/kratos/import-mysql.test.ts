import { Kysely, MysqlDialect } from 'kysely'
import { createPool } from 'mysql2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApp } from '../../test/app.ts'
import { openKratosDatabase } from '../../test/kratos-database.ts'
import { hasMariadb, startMariadb } from '../../test/mariadb.ts'
import { courierRoutes } from '../courier/index.ts'
import { type Database, openSourceDatabase, type SourceDatabase } from '../db/index.ts'
import { identityRoutes } from '../identity/index.ts'
import { sessionRoutes } from '../session/index.ts'
import { importFromKratos } from './import.ts'

const what = hasMariadb ? '' : ' (skipped: no server of MariaDB is installed)'

describe.skipIf(!hasMariadb)(`the import from Kratos on MariaDB${what}`, () => {
  let server: Awaited<ReturnType<typeof startMariadb>>
  let writer: Kysely<unknown>
  let from: SourceDatabase
  let app: Awaited<ReturnType<typeof openTestApp>>
  let kratos: Awaited<ReturnType<typeof openKratosDatabase>>
  let nid: string

  beforeAll(async () => {
    server = await startMariadb()
    const [, socketPath] = /unix\((.*)\)/.exec(server.dsn) ?? []
    const pool = createPool({ socketPath, user: 'root', database: 'test' })
    writer = new Kysely({ dialect: new MysqlDialect({ pool }) })
    const unscoped = writer as unknown as Database['unscoped']
    kratos = await openKratosDatabase({ unscoped, capabilities: { dialect: 'mysql' } }, '26.2')
    nid = await kratos.network()
    from = await openSourceDatabase(server.dsn)
    app = await openTestApp('memory', [...identityRoutes, ...sessionRoutes, ...courierRoutes])
  }, 120_000)
  afterAll(async () => {
    await Promise.all([from.close(), writer.destroy(), app.close()])
    await server.stop()
  })

  it('takes over identities, credentials, addresses, sessions and the history of the courier', async () => {
    const project = await app.project()
    const id = await kratos.identity(nid, 'ada@harbour.example', {
      metadata_admin: '{"plan":"gold ⚓"}',
      external_id: 'berth-7',
    })
    const hash = '$2a$08$Rvgd1VwUSrB2CN/TJwnVyOFAfG1n3fL1B4YvU4QGrRcJbHQtYSiZu'
    await kratos.credential([nid, id], 'password', {
      config: { hashed_password: hash },
      identifiers: ['ada@harbour.example'],
    })
    const session = await kratos.session(nid, id, 'ory_st_harbour')
    await kratos.message(nid, 2)
    for (const _ of ['an import', 'a repeated import']) {
      const { counts, refused } = await importFromKratos(project.ctx, from)
      expect(refused).toEqual([])
      expect(counts.map(({ source, here }) => [source, here])).toEqual(counts.map(() => [1, 1]))
      expect(counts).toHaveLength(9)
    }
    const { body } = await project.call('GET', `/admin/identities/${id}?include_credential=password`)
    expect(body).toMatchObject({
      ...{ id, external_id: 'berth-7', metadata_admin: { plan: 'gold ⚓' }, created_at: '2026-01-02T03:04:05Z' },
      verifiable_addresses: [{ verified: true, status: 'completed' }],
      credentials: { password: { identifiers: ['ada@harbour.example'], config: { hashed_password: hash } } },
    })
    const headers = { 'x-session-token': 'ory_st_harbour' }
    const whoami = await project.call('GET', '/sessions/whoami', { headers, token: null })
    expect([whoami.status, whoami.body.id]).toEqual([200, session])
  })

  it('writes nothing to the source', async () => {
    await from.unscoped.transaction().execute(async (db) => {
      const rows = db.withTables<{ networks: { id: string } }>().deleteFrom('networks')
      await expect(rows.execute()).rejects.toThrow(/read.only transaction/i)
    })
  })

  it('reads more than a page', async () => {
    const project = await app.project()
    await kratos.identitiesWithoutAddresses(nid, 1100)
    const { counts } = await importFromKratos(project.ctx, from)
    const [identities] = counts
    expect(identities?.here).toBe(identities?.source)
    expect(identities?.here).toBeGreaterThan(1100)
  }, 120_000)
})
