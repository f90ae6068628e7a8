import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { goldenDir, type Latchkey, type StartOptions, startLatchkey } from '../stage/latchkey.ts'
import { freshDatabase, type Postgres, startPostgres } from '../stage/postgres.ts'
import { childrenOf } from '../stage/processes.ts'
import { type Load, send, startLoad } from './load.ts'

/** Generous for a machine that is shared: what is over within a second there is over within this. */
const soon = { timeout: 8000, interval: 20 }

describe.skipIf(!process.env.LATCHKEY_TEST_POSTGRES)('nodes on a PostgreSQL that fails', { timeout: 120_000 }, () => {
  let postgres: Postgres
  let dsn: string
  let single: Latchkey
  let workers: Latchkey
  beforeAll(async () => {
    const { found, missing } = await startPostgres({ maxConnections: 60 })
    if (!found) throw new Error(missing)
    postgres = found
    dsn = await freshDatabase(postgres.url)
    single = await start()
    workers = await start({ workers: 2 })
  }, 120_000)
  afterAll(async () => {
    await single?.kill()
    await workers?.kill()
    await postgres?.stop()
  })

  const start = (options: StartOptions = {}) =>
    startLatchkey({ kratos: join(goldenDir, 'config', 'identity-core.yml'), dsn, ...options })
  let nodes: Latchkey[]
  let load: Load
  beforeEach(async () => {
    nodes = [single, workers]
    load = startLoad(() => nodes)
    await progress()
  })
  afterEach(() => load.stop())

  /** Waits until further requests of every kind have succeeded. */
  async function progress(): Promise<void> {
    const from = load.acknowledged.size
    await expect.poll(() => load.acknowledged.size, soon).toBeGreaterThan(from + 20)
  }

  /** Ends the load. Everything was answered, either as asked or with 503, and nothing that was acknowledged is lost. */
  async function expectAnswers({ unavailable }: { unavailable: boolean }): Promise<void> {
    await load.stop()
    expect(load.broken).toEqual([])
    const failed = load.answers.filter(({ status }) => status !== 201 && status !== 200)
    for (const { status, headers, body } of failed) {
      expect({ status, retryAfter: headers['retry-after'], body }).toMatchObject({
        status: 503,
        retryAfter: '1',
        body: { error: { code: 503, status: 'Service Unavailable', request: expect.any(String) } },
      })
    }
    expect(failed.length > 0).toBe(unavailable)
    await expectKept()
    expect([await isRunning(single), await isRunning(workers)]).toEqual([true, true])
  }

  async function expectKept(): Promise<void> {
    const { rows } = await query('select id from identities where id = any($1)', [[...load.acknowledged]])
    expect(rows.length).toBe(load.acknowledged.size)
  }

  async function query(text: string, values: unknown[] = []) {
    const client = new Client({ connectionString: dsn })
    await client.connect()
    try {
      return await client.query(text, values)
    } finally {
      await client.end()
    }
  }

  const ready = (node: Latchkey) => send(`${node.admin}/health/ready`).then(({ status }) => status)

  it.each(['fast', 'immediate'] as const)('answer 503 during its %s restart, and go on after it', async (mode) => {
    await postgres.halt(mode)
    await expect.poll(() => load.answers.some(({ status }) => status === 503), soon).toBe(true)
    for (const node of nodes) await expect.poll(() => ready(node), soon).toBe(503)
    await postgres.resume()
    await progress()
    for (const node of nodes) await expect.poll(() => ready(node), soon).toBe(200)
    await expectAnswers({ unavailable: true })
    expect(single.log()).toMatch(/ECONNREFUSED|terminat|shutting down/)
  })

  it('go on when their connections are ended, and repeat their reads', async () => {
    const others = 'from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
    for (let round = 0; round < 10; round++) {
      await query(`select pg_terminate_backend(pid) ${others}`)
      await progress()
    }
    await load.stop()
    const reads = load.answers.filter(({ status, body }) => status !== 201 && !body.error)
    expect(reads.length).toBeGreaterThan(100)
    expect(load.broken).toEqual([])
    await expectKept()
    expect([await isRunning(single), await isRunning(workers)]).toEqual([true, true])
  })

  it('answer 503 for a table that is locked, and serve the others', async () => {
    const holder = new Client({ connectionString: dsn })
    await holder.connect()
    await holder.query('begin')
    await holder.query('lock table identities in access exclusive mode')
    await expect.poll(() => load.answers.some(({ status }) => status === 503), soon).toBe(true)
    const messages = await send(`${single.admin}/admin/courier/messages`)
    expect(messages.status).toBe(200)
    await holder.query('commit')
    await holder.end()
    await progress()
    await expectAnswers({ unavailable: true })
  })

  it('wait for a connection of their own where no further one can be had', async () => {
    const taken: Client[] = []
    for (;;) {
      const client = new Client({ connectionString: dsn })
      const error = await client.connect().then(
        () => undefined,
        (refused: { code?: string }) => refused,
      )
      if (error) {
        expect(error.code).toBe('53300')
        break
      }
      taken.push(client)
    }
    await progress()
    await Promise.all(taken.map((client) => client.end()))
    await progress()
    await expectAnswers({ unavailable: false })
  })

  it('answer 503 while its disk is full', async () => {
    await query(`create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`)
    await query('create trigger full_disk before insert on identities for each row execute function refuse()')
    await query('create trigger full_disk before insert or update on leases for each row execute function refuse()')
    await expect.poll(() => load.answers.some(({ status }) => status === 503), soon).toBe(true)
    await expect.poll(() => ready(single), soon).toBe(503)
    await query('drop function refuse cascade')
    await progress()
    await expect.poll(() => ready(single), soon).toBe(200)
    await expectAnswers({ unavailable: true })
    expect(single.log()).toContain('No space left on device')
  })

  it('start once it is there, and replace workers that were lost while it was away', async () => {
    await postgres.halt('immediate')
    const late = await start({ early: true })
    for (const pid of await childrenOf(workers.pid)) process.kill(pid, 'SIGKILL')
    await late.said(/the start waits for it/)
    await workers.said(/is restarted/)
    await postgres.resume()
    await expect.poll(() => ready(late).catch(() => 0), { ...soon, timeout: 20_000 }).toBe(200)
    await expect.poll(() => listeningWorkers(workers).catch(() => ''), { ...soon, timeout: 20_000 }).toBe('2')
    await progress()
    await late.stop()
    await load.stop()
    await expectKept()
  })

  it('replace a worker that was lost', async () => {
    const [lost = 0] = await childrenOf(workers.pid)
    process.kill(lost, 'SIGKILL')
    await expect.poll(async () => (await childrenOf(workers.pid)).includes(lost), soon).toBe(false)
    await expect.poll(() => listeningWorkers(workers).catch(() => ''), { ...soon, timeout: 60_000 }).toBe('2')
    await progress()
    await load.stop()
    await expectKept()
    expect(await isRunning(workers)).toBe(true)
  })

  it('lose no request while they are restarted one after the other', async () => {
    for (const node of [single, workers]) {
      const next = { ...(node === workers && { workers: 2 }), after: node }
      const ended = node.stop()
      // As a load balancer does.
      await expect.poll(() => ready(node), soon).toBe(503)
      nodes = nodes.filter((other) => other !== node)
      await ended
      expect(await node.ended).toBe(0)
      const started = await start(next)
      if (node === single) single = started
      else workers = started
      nodes = [single, workers]
      await progress()
    }
    await expectAnswers({ unavailable: false })
  })
})

async function isRunning(node: Latchkey): Promise<boolean> {
  return (await Promise.race([node.ended.then(() => 'ended'), send(`${node.admin}/health/alive`)])) !== 'ended'
}

/** The number of listening workers, from the metrics of the worker that answers. */
async function listeningWorkers(node: Latchkey): Promise<string | undefined> {
  const { body } = await send(`${node.admin}/metrics/prometheus`)
  return /^latchkey_workers\{state="listening"\} (\d+)$/m.exec(String(body))?.[1]
}
