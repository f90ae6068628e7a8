import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { goldenDir, type Latchkey, startLatchkey } from '../stage/latchkey.ts'
import { freshDatabase } from '../stage/postgres.ts'

const postgres = process.env.LATCHKEY_TEST_POSTGRES
const writers = 8
const rounds = 3
/** The server is killed after this many acknowledged writes of a round, while others are in progress. */
const writesBeforeKill = 150

interface Written {
  id: string
  email: string
}

describe('a server killed while identities are written', () => {
  it('has every acknowledged write after the restart, on a SQLite file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'latchkey-crash-'))
    await killAndCount(`sqlite://${join(folder, 'crash.sqlite')}`)
    await rm(folder, { recursive: true, force: true })
  })

  it.skipIf(!postgres)('has every acknowledged write after the restart, on PostgreSQL', async () => {
    await killAndCount(await freshDatabase(postgres as string))
  })
})

async function killAndCount(dsn: string): Promise<void> {
  const acknowledged: Written[] = []
  for (let round = 0; round < rounds; round++) {
    const server = await start(dsn)
    const before = acknowledged.length
    const load = Array.from({ length: writers }, (_, writer) => write(server, `${round}-${writer}`, acknowledged))
    await reached(() => acknowledged.length >= before + writesBeforeKill)
    await server.kill()
    await Promise.all(load)
  }
  const server = await start(dsn)
  try {
    const kept = await everyone(server)
    expect(acknowledged.filter(({ id, email }) => kept.get(id) !== email)).toEqual([])
    // No partial writes: a listed identity can be read, found by its identifier, and not created a second time.
    expect(new Set(kept.values()).size).toBe(kept.size)
    const last = acknowledged.at(-1) as Written
    const found = await get(server, `/admin/identities?credentials_identifier=${encodeURIComponent(last.email)}`)
    expect((await found.json()).map(({ id }: { id: string }) => id)).toEqual([last.id])
    expect((await create(server, last.email)).status).toBe(409)
  } finally {
    await server.stop()
  }
}

function start(dsn: string): Promise<Latchkey> {
  return startLatchkey({ kratos: join(goldenDir, 'config', 'identity-core.yml'), dsn })
}

/** Creates identities one after another until the server stops responding; records the acknowledged ones. */
async function write(server: Latchkey, name: string, acknowledged: Written[]): Promise<void> {
  for (let number = 0; ; number++) {
    const email = `crash-${name}-${number}@example.org`
    try {
      const response = await create(server, email)
      const body = await response.json()
      if (response.status !== 201) throw new Refused(`${response.status} ${JSON.stringify(body)}`)
      acknowledged.push({ id: body.id, email })
    } catch (error) {
      if (error instanceof Refused) throw error
      return
    }
  }
}

class Refused extends Error {}

function create(server: Latchkey, email: string): Promise<Response> {
  return fetch(`${server.admin}/admin/identities`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema_id: 'person', traits: { email } }),
  })
}

async function everyone(server: Latchkey): Promise<Map<string, string>> {
  const all = new Map<string, string>()
  for (let path: string | undefined = '/admin/identities?page_size=500'; path; ) {
    const page = await get(server, path)
    for (const { id, traits } of await page.json()) all.set(id, traits.email)
    const next = page.headers.get('link')?.match(/<([^>]+)>; ?rel="next"/)?.[1]
    path = next && new URL(next, server.admin).pathname + new URL(next, server.admin).search
  }
  return all
}

function get(server: Latchkey, path: string): Promise<Response> {
  return fetch(server.admin + path, { headers: { accept: 'application/json' } })
}

async function reached(condition: () => boolean): Promise<void> {
  for (const until = Date.now() + 60_000; !condition(); ) {
    if (Date.now() > until) throw new Error('the server took too few writes within 60 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
