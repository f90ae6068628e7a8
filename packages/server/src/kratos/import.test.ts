import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freshDatabase } from '../../../../test/stage/postgres.ts'
import { dsns, openTestApp } from '../../test/app.ts'
import { openKratosDatabase } from '../../test/kratos-database.ts'
import { courierRoutes } from '../courier/index.ts'
import { type Database, openDatabase } from '../db/index.ts'
import { identityRoutes } from '../identity/index.ts'
import { sessionRoutes } from '../session/index.ts'
import { importFromKratos } from './import.ts'

const hash = '$2a$08$Rvgd1VwUSrB2CN/TJwnVyOFAfG1n3fL1B4YvU4QGrRcJbHQtYSiZu'
const versions = ['1.3', '26.2'] as const
const sources = dsns.flatMap(([name, dsn]) =>
  versions.map((version) => [`${name}, Kratos ${version}`, dsn, version] as const),
)

describe.each(sources)('the import from Kratos on %s', (_, dsn, version) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: Awaited<ReturnType<typeof app.project>>
  let folder: string
  let database: Database
  let from: Database
  let kratos: Awaited<ReturnType<typeof openKratosDatabase>>

  beforeAll(async () => {
    app = await openTestApp(dsn, [...identityRoutes, ...sessionRoutes, ...courierRoutes])
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project()
    folder = await mkdtemp(join(tmpdir(), 'kratos-'))
    const source = dsn === 'memory' ? `sqlite://${join(folder, 'kratos.sqlite')}` : await freshDatabase(dsn)
    database = await openDatabase(source)
    kratos = await openKratosDatabase(database, version)
    from = await openDatabase(source, { readOnly: true })
  })
  afterEach(async () => {
    await Promise.all([from.close(), database.close()])
    await rm(folder, { recursive: true })
  })

  const importAll = (options = {}) => importFromKratos(project.ctx, from, options)
  const countsOf = ({ counts }: Awaited<ReturnType<typeof importAll>>) =>
    Object.fromEntries(counts.map(({ table, source, here }) => [table, [source, here]]))

  it('keeps ids, times, addresses, metadata and credentials', async () => {
    const nid = await kratos.network()
    const id = await kratos.identity(nid, 'ada@harbour.example', {
      metadata_admin: '{"plan":"gold"}',
      ...(version === '26.2' && { external_id: 'berth-7' }),
    })
    await kratos.credential([nid, id], 'password', {
      config: { hashed_password: hash },
      identifiers: ['ada@harbour.example'],
    })
    const result = await importAll()
    expect(countsOf(result)).toMatchObject({
      identities: [1, 1],
      identity_credentials: [1, 1],
      identity_credential_identifiers: [1, 1],
      identity_verifiable_addresses: [1, 1],
      identity_recovery_addresses: [1, 1],
    })
    const { body } = await project.call('GET', `/admin/identities/${id}?include_credential=password`)
    expect(body).toMatchObject({
      id,
      ...(version === '26.2' && { external_id: 'berth-7' }),
      state: 'active',
      traits: { email: 'ada@harbour.example' },
      created_at: '2026-01-02T03:04:05.6789Z',
      metadata_admin: { plan: 'gold' },
      verifiable_addresses: [{ verified: true, status: 'completed', verified_at: '2026-01-02T03:04:05.6789Z' }],
      recovery_addresses: [{ value: 'ada@harbour.example' }],
      credentials: { password: { identifiers: ['ada@harbour.example'], config: { hashed_password: hash } } },
    })
  })

  it('keeps people signed in', async () => {
    const nid = await kratos.network()
    const id = await kratos.identity(nid, 'ada@harbour.example')
    const session = await kratos.session(nid, id, 'ory_st_harbour')
    expect(countsOf(await importAll())).toMatchObject({ sessions: [1, 1], session_devices: [1, 1] })
    const headers = { 'x-session-token': 'ory_st_harbour' }
    const { status, body } = await project.call('GET', '/sessions/whoami', { headers, token: null })
    expect([status, body.id, body.identity.id]).toEqual([200, session, id])
    expect(body.devices).toMatchObject([{ ip_address: '192.0.2.7:4711', user_agent: 'Harbour/1' }])
    expect(
      (await project.call('GET', '/sessions/whoami', { headers: { 'x-session-token': 'ory_st_other' }, token: null }))
        .status,
    ).toBe(401)
  })

  it('brings credentials of the first version into their present form', async () => {
    const nid = await kratos.network()
    const id = await kratos.identity(nid, 'ada@harbour.example')
    await kratos.credential([nid, id], 'code', {
      config: { address_type: 'email ', used_at: null },
      identifiers: ['ada@harbour.example'],
    })
    await kratos.credential([nid, id], 'webauthn', {
      config: { credentials: [{ id: 'AQI=', public_key: 'AQI=', display_name: 'Key' }] },
      identifiers: ['ada@harbour.example'],
    })
    await importAll()
    const { body } = await project.call(
      'GET',
      `/admin/identities/${id}?include_credential=code&include_credential=webauthn`,
    )
    expect(body.credentials).toMatchObject({
      code: { version: 1, config: { addresses: [{ channel: 'email', address: 'ada@harbour.example' }] } },
      webauthn: {
        version: 1,
        config: {
          user_handle: Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64'),
          credentials: [{ is_passwordless: false }],
        },
      },
    })
    expect(body.credentials.code.config).not.toHaveProperty('address_type')
  })

  it('takes over the history of the courier without content, and sends nothing that Kratos has not sent', async () => {
    const nid = await kratos.network()
    await kratos.identity(nid, 'ada@harbour.example')
    const ids = [await kratos.message(nid, 2), await kratos.message(nid, 1), await kratos.message(nid, 3)]
    expect(countsOf(await importAll())).toMatchObject({
      courier_messages: [3, 3],
      courier_message_dispatches: [3, 3],
    })
    const statuses = await Promise.all(
      ids.map(async (id) => (await project.call('GET', `/admin/courier/messages/${id}`)).body.status),
    )
    expect(statuses).toEqual(['sent', 'abandoned', 'abandoned'])
  })

  it('can be repeated: what is there is left alone, what is new is added', async () => {
    const nid = await kratos.network()
    const ada = await kratos.identity(nid, 'ada@harbour.example')
    await importAll()
    await project.call('PATCH', `/admin/identities/${ada}`, {
      json: [{ op: 'replace', path: '/traits/email', value: 'ada@pier.example' }],
    })
    await kratos.identity(nid, 'ben@harbour.example')
    expect(await importAll()).toMatchObject({ refused: [] })
    const { body } = await project.call('GET', '/admin/identities')
    expect(body.map((one: { traits: { email: string } }) => one.traits.email).sort()).toEqual([
      'ada@pier.example',
      'ben@harbour.example',
    ])
  })

  it('reports identities that collide with others here, and takes over the others', async () => {
    await project.call('POST', '/admin/identities', {
      json: { schema_id: 'person', traits: { email: 'ada@harbour.example' } },
    })
    const nid = await kratos.network()
    const ada = await kratos.identity(nid, 'ada@harbour.example')
    await kratos.session(nid, ada, 'ory_st_ada')
    const long = await kratos.identity(nid, `${'x'.repeat(320)}@harbour.example`)
    await kratos.identity(nid, 'ben@harbour.example')
    const result = await importAll()
    expect(result.refused.map(({ id }) => id).sort()).toEqual([ada, long].sort())
    expect(countsOf(result)).toMatchObject({ identities: [3, 1], sessions: [1, 0] })
  })

  it('leaves sessions without a token alone', async () => {
    const nid = await kratos.network()
    await kratos.session(nid, await kratos.identity(nid, 'ada@harbour.example'), null)
    expect(countsOf(await importAll())).toMatchObject({ sessions: [1, 0] })
  })

  it('reads more than one page, and tells how far it is', async () => {
    const nid = await kratos.network()
    await kratos.identitiesWithoutAddresses(nid, 501)
    const progress: unknown[] = []
    const result = await importAll({ onProgress: (...told: unknown[]) => progress.push(told) })
    expect(countsOf(result).identities).toEqual([501, 501])
    expect(progress).toEqual([
      ['identities', 500, 501],
      ['identities', 501, 501],
    ])
  })

  it('refuses several networks unless one is named', async () => {
    const [first, second] = [await kratos.network(), await kratos.network()]
    await kratos.identity(first, 'ada@harbour.example')
    await kratos.identity(second, 'ben@harbour.example')
    await expect(importAll()).rejects.toThrow(/several networks.*\n.*\(identities: 1\)/)
    await expect(importAll({ network: randomUUID() })).rejects.toThrow(/no identities in the network/)
    expect(await importAll({ network: second.toUpperCase() })).toMatchObject({ network: second })
    const { body } = await project.call('GET', '/admin/identities')
    expect(body).toMatchObject([{ traits: { email: 'ben@harbour.example' } }])
  })

  it('refuses a source without identities, with an unknown schema, or of another program', async () => {
    await expect(importAll()).rejects.toThrow('The source has no identities.')
    await kratos.identity(await kratos.network(), 'ada@harbour.example', { schema_id: 'captain' })
    await expect(importAll()).rejects.toThrow(/has the schema captain, which is not in the configuration/)
    await kratos.run('drop table session_devices', [])
    await expect(importAll()).rejects.toThrow(
      /no database of Kratos 1.3 or newer: the table session_devices is missing/,
    )
  })
})
