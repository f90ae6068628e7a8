import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../stage/latchkey.ts'
import { run } from '../stage/prepared.ts'
import { permissionTargets } from './permission_target.ts'

const python = process.env.LATCHKEY_TEST_PYTHON

describe.skipIf(!python)('ory-client for Python', () => {
  it.each(permissionTargets)('runs permissions.py %s and parses every response', async (_, start) => {
    const { read, write, syntax, token, stop } = await start()
    const script = join(root, 'test', 'sdk', 'python', 'permissions.py')
    const env = { PYTHONDONTWRITEBYTECODE: '1' }
    const done = await run(python as string, [script, read, write, syntax, token], { env })
    await stop()
    expect(done.ok, done.tail).toBe(true)
  })
})
