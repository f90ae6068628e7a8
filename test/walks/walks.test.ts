import { join } from 'node:path'
import { loadOriginals, type Serving, serve } from '@latchkey/server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { goldenDir, portVariables } from '../stage/latchkey.ts'
import { freePort } from '../stage/port.ts'
import { freshDatabase } from '../stage/postgres.ts'
import { playWalks, shortfall } from './play.ts'
import { walkSuites } from './suites.ts'

/** The walks use a few passwords thousands of times, which would take minutes with real hashes. */
vi.mock('@node-rs/bcrypt', async (importOriginal) => {
  const original = await importOriginal<typeof import('@node-rs/bcrypt')>()
  const results = new Map<string, Promise<unknown>>()
  const once = <Result>(key: unknown[], work: () => Promise<Result>): Promise<Result> => {
    const name = JSON.stringify(key)
    const result = results.get(name) ?? work()
    results.set(name, result)
    return result as Promise<Result>
  }
  const hash: typeof original.hash = (password, options) =>
    once(['hash', String(password), options], () => original.hash(password, options))
  const verify: typeof original.verify = (password, known) =>
    once(['verify', String(password), String(known)], () => original.verify(password, known))
  return { ...original, hash, verify }
})

const databases = [['SQLite', 'memory'] as const, ['PostgreSQL', process.env.LATCHKEY_TEST_POSTGRES] as const].flatMap(
  ([name, dsn]) => (dsn ? [[name, dsn] as const] : []),
)

let serving: Serving | undefined
afterEach(async () => {
  await serving?.close()
  serving = undefined
})

describe.each(walkSuites)('the random walks of $name', (suite) => {
  test.each(databases)('have the recorded responses on %s', async (_, dsn) => {
    const ports = { public: await freePort(), admin: await freePort() }
    const smtpPort = await freePort()
    const env = {
      ...portVariables(ports),
      COURIER_SMTP_CONNECTION_URI: `smtp://127.0.0.1:${smtpPort}/?disable_starttls=true`,
    }
    const loaded = await loadOriginals({ kratos: join(goldenDir, 'config', `${suite.config}.yml`) }, env, {})
    serving = await serve({ loaded, dsn: dsn === 'memory' ? dsn : await freshDatabase(dsn), env })
    const origin = (port: number) => `http://127.0.0.1:${port}`
    const result = await playWalks(suite, { public: origin(ports.public), admin: origin(ports.admin) }, smtpPort)
    expect(shortfall(suite, result), result.report).toBeUndefined()
  })
})
