import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { CompiledQuery } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dsns } from '../../test/courier.ts'
import { type Database, openDatabase } from './index.ts'

const dsn = dsns.find(([name]) => name === 'PostgreSQL')?.[1] ?? ''

/** Counts how often the client speaks after the server has spoken, which is how many round trips there are. */
async function countingProxy(to: { host: string; port: number }) {
  let roundTrips = 0
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(to)
    let serverSpokeLast = true
    client.on('data', (data) => {
      if (serverSpokeLast) roundTrips++
      serverSpokeLast = false
      upstream.write(data)
    })
    upstream.on('data', (data) => {
      serverSpokeLast = true
      client.write(data)
    })
    for (const [one, other] of [[client, upstream] as const, [upstream, client] as const]) {
      sockets.add(one)
      one.on('error', () => {}).on('close', () => other.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    take() {
      const taken = roundTrips
      roundTrips = 0
      return taken
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

describe.skipIf(!dsn)('a PostgreSQL connection that several projects share', () => {
  let proxy: Awaited<ReturnType<typeof countingProxy>>
  let database: Database
  beforeAll(async () => {
    const url = new URL(dsn)
    proxy = await countingProxy({ host: url.hostname, port: Number(url.port || 5432) })
    Object.assign(url, { hostname: '127.0.0.1', port: proxy.port })
    url.searchParams.set('max_conns', '1')
    database = await openDatabase(url.toString())
  })
  afterAll(async () => {
    await database.close()
    proxy.close()
  })

  const statement = CompiledQuery.raw(
    `select current_setting('latchkey.project_id') as project, pg_backend_pid() as pid where $1 = 1`,
    [1],
  )
  const run = async (db: Database['unscoped']) =>
    (await db.executeQuery<{ project: string; pid: number }>(statement)).rows[0]

  beforeEach(async () => {
    await run(database.project('other').db)
    proxy.take()
  })

  it('changes to the project of a statement in its round trip', async () => {
    expect((await run(database.project('one').db))?.project).toBe('one')
    expect(proxy.take()).toBe(1)
    expect((await run(database.project('two').db))?.project).toBe('two')
    expect(proxy.take()).toBe(1)
    expect((await run(database.project('two').db))?.project).toBe('two')
    expect(proxy.take()).toBe(1)
    expect((await run(database.unscoped))?.project).toBe('*')
  })

  it('changes to the project of a transaction as it begins, and stays there when it is rolled back', async () => {
    const { db } = database.project('one')
    const work = db.transaction().execute(async (transaction) => {
      expect((await run(transaction))?.project).toBe('one')
      throw new Error('rolled back')
    })
    await expect(work).rejects.toThrow('rolled back')
    // Begin, the statement and the rollback.
    expect(proxy.take()).toBe(3)
    expect((await run(db))?.project).toBe('one')
  })

  it('keeps the project after a statement that fails', async () => {
    const { db } = database.project('one')
    await expect(db.executeQuery(CompiledQuery.raw('select $1::int', ['x']))).rejects.toThrow(/invalid input syntax/)
    expect((await run(db))?.project).toBe('one')
    expect((await run(database.project('two').db))?.project).toBe('two')
  })

  it('is given up when it cannot change, and the answer of the statement with it', async () => {
    const before = await run(database.project('one').db)
    // PostgreSQL accepts no NUL in a text.
    await expect(run(database.project('bad\0id').db)).rejects.toThrow(/invalid byte sequence|0x00/)
    const after = await run(database.project('one').db)
    expect(after?.project).toBe('one')
    expect(after?.pid).not.toBe(before?.pid)
  })

  it('answers each of many statements at once for its own project', async () => {
    const ids = Array.from({ length: 200 }, (_, i) => `project-${i % 7}`)
    const rows = await Promise.all(ids.map((id) => run(database.project(id).db)))
    expect(rows.map((row) => row?.project)).toEqual(ids)
    expect(new Set(rows.map((row) => row?.pid)).size).toBe(1)
  })
})
