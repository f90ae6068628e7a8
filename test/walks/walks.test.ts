import { join } from 'node:path'
import { loadOriginals, serve } from '@latchkey/server'
import { expect, test, vi } from 'vitest'
import { goldenDir, portVariables } from '../stage/latchkey.ts'
import { freePort } from '../stage/port.ts'
import { freshDatabase } from '../stage/postgres.ts'
import { recordedLimits } from './limits.ts'
import { playWalks, shortfall, summary, type WalkResult } from './play.ts'
import { type WalkSuite, walkSuites } from './suites.ts'

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

const postgres = process.env.LATCHKEY_TEST_POSTGRES
/** So many walks of each suite are played on PostgreSQL too. */
const shareOnPostgres = 30
/** The known differences are among them. */
const differentOnPostgres = 3

/** Two suites are played at a time (`maxConcurrency`): walks mostly wait for email. */
test.concurrent.each(walkSuites.filter(({ later }) => !later))(
  'the random walks of $name have the recorded responses',
  async (suite) => {
    const onSqlite = await playOn('memory', suite)
    console.log(`${suite.name}: ${summary(onSqlite)}`)
    expect(shortfall(suite, onSqlite), onSqlite.report).toBeUndefined()
    if (!postgres) return
    const onPostgres = await playOn(await freshDatabase(postgres), suite, shareOnPostgres)
    expect(onPostgres.allWalks).toBe(shareOnPostgres)
    expect(onPostgres.different.length, onPostgres.report).toBeLessThanOrEqual(differentOnPostgres)
  },
)

async function playOn(dsn: string, suite: WalkSuite, upTo?: number): Promise<WalkResult> {
  const ports = { public: await freePort(), admin: await freePort() }
  const smtpPort = await freePort()
  const original = suite.original ?? 'kratos'
  const env = {
    ...portVariables(ports),
    ...(original === 'kratos' && recordedLimits),
    ...(original === 'hydra' && { URLS_SELF_ISSUER: `http://127.0.0.1:${ports.public}` }),
    COURIER_SMTP_CONNECTION_URI: `smtp://127.0.0.1:${smtpPort}/?disable_starttls=true`,
  }
  const loaded = await loadOriginals({ [original]: join(goldenDir, 'config', `${suite.config}.yml`) }, env, {})
  const serving = await serve({ loaded, dsn, env })
  const origin = (port: number) => `http://127.0.0.1:${port}`
  try {
    return await playWalks(suite, { public: origin(ports.public), admin: origin(ports.admin) }, smtpPort, upTo)
  } finally {
    await serving.close()
  }
}
