import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../stage/latchkey.ts'
import { run } from '../stage/prepared.ts'
import { startTarget, type Target } from './target.ts'

const python = process.env.LATCHKEY_TEST_PYTHON

describe.skipIf(!python)('ory-client for Python', () => {
  let server: Target
  beforeAll(async () => {
    server = await startTarget()
  })
  afterAll(() => server?.stop())

  it.each(['people', 'admin'])('runs %s.py and parses every response', async (name) => {
    const script = join(root, 'test', 'sdk', 'python', `${name}.py`)
    const env = { PYTHONDONTWRITEBYTECODE: '1' }
    const done = await run(python as string, [script, server.public, server.admin, server.mailbox.url], { env })
    expect(done.ok, done.tail).toBe(true)
  })
})
