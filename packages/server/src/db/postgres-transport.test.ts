import { Client } from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { createLogger } from '../kernel/log.ts'
import { postgresTransport } from './postgres-transport.ts'

const dsn = process.env.LATCHKEY_TEST_POSTGRES ?? ''
const log = createLogger({ level: 'silent' })

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const transport of open.splice(0)) await transport.close()
})

function node(sender: string) {
  const transport = postgresTransport(dsn, { log, sender })
  const received: string[] = []
  let lost = 0
  transport.receive({ message: (text) => void received.push(text), lost: () => void lost++ })
  open.push(transport)
  return { transport, received, lost: () => lost }
}

/** Two nodes that hear each other. */
async function twoNodes() {
  const [one, two] = [node('one'), node('two')]
  await expect
    .poll(() => {
      one.transport.send('hello')
      two.transport.send('hello')
      return [one.received.length > 0, two.received.length > 0]
    })
    .toEqual([true, true])
  return { one, two }
}

async function withClient<T>(run: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: dsn })
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}

describe.skipIf(dsn === '')('messages between processes on PostgreSQL', () => {
  it('reach the other process and not their sender', async () => {
    const { one, two } = await twoNodes()
    one.transport.send('["tide",{"height":3}]')
    await expect.poll(() => two.received.at(-1)).toBe('["tide",{"height":3}]')
    expect(one.received).not.toContain('["tide",{"height":3}]')
  })

  it('that are too long for PostgreSQL are dropped, and those after them arrive', async () => {
    const { one, two } = await twoNodes()
    one.transport.send('x'.repeat(9000))
    one.transport.send('short')
    await expect.poll(() => two.received.at(-1)).toBe('short')
    expect(two.received.every((text) => text.length < 9000)).toBe(true)
  })

  it('are heard again after the connection broke, which is reported', async () => {
    const { one, two } = await twoNodes()
    await withClient((client) =>
      client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' or query like '%pg_notify%' and pid <> pg_backend_pid()",
      ),
    )
    await expect.poll(() => [one.lost(), two.lost()], { timeout: 15_000 }).toEqual([1, 1])
    one.transport.send('after')
    await expect.poll(() => two.received.at(-1)).toBe('after')
  })
})
