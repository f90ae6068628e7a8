import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../../../test/stage/postgres.ts'
import { dsns } from '../../test/courier.ts'
import { openApp } from '../../test/running.ts'
import { loadOriginals } from '../configuration/index.ts'
import { keysFrom } from '../kernel/keys.ts'

let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hydra-alone-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function startHydra(dsn: string, secrets: string[]) {
  const hydra = join(folder, 'hydra.yml')
  await writeFile(hydra, `dev: true\nsecrets: { system: ${JSON.stringify(secrets)} }\n`)
  return openApp({ dsn, loaded: await loadOriginals({ hydra }, {}) })
}

async function startBoth(dsn: string, secrets: { system: string; cipher: string }) {
  const hydra = join(folder, 'hydra.yml')
  const kratos = join(folder, 'kratos.yml')
  const schema = `base64://${Buffer.from('{"type":"object","properties":{"traits":{"type":"object"}}}').toString('base64')}`
  await writeFile(hydra, `dev: true\nsecrets: { system: [${secrets.system}] }\n`)
  await writeFile(
    kratos,
    `selfservice: { default_browser_return_url: https://app.example.org/ }
identity: { default_schema_id: p, schemas: [{ id: p, url: "${schema}" }] }
secrets: { cipher: [${secrets.cipher}] }
`,
  )
  return openApp({ dsn, loaded: await loadOriginals({ hydra, kratos }, {}) })
}

const idOf = (secret: string) => keysFrom(Buffer.from(secret)).id
const [first, second] = ['the first system secret', 'the second system secret']
const cipher = 'c'.repeat(32)

describe.each(dsns)('a process that serves only Hydra on %s', (_, dsn) => {
  const fresh = async () => (dsn === 'memory' ? `sqlite://${join(folder, `${count++}.sqlite`)}` : freshDatabase(dsn))

  test('has its keys from secrets.system, whose first entry is the current one', async () => {
    const database = await fresh()
    const before = await startHydra(database, [first])
    expect(before.app.ctx.keys.id).toBe(idOf(first))
    await before.close()
    const after = await startHydra(database, [second, first])
    expect(after.app.ctx.keys.ids.slice(0, 2)).toEqual([idOf(second), idOf(first)])
    await after.close()
  })

  test('does not start without the secret that its database was used with', async () => {
    const database = await fresh()
    await (await startHydra(database, [first])).close()
    await expect(startHydra(database, [second])).rejects.toThrow(/secrets\.system/)
  })

  test('signs people in with the Kratos of the same process, unless it names another page', async () => {
    const both = await startBoth(await fresh(), { system: first, cipher })
    const { isJoined, asksOwnSignIn, urls } = both.app.ctx.config.oauth2
    expect([isJoined, asksOwnSignIn]).toEqual([true, true])
    expect(urls).toMatchObject({
      login: 'http://localhost:4433/self-service/login/browser',
      registration: 'http://localhost:4433/self-service/registration/browser',
      consent: 'http://localhost:4444/oauth2/fallbacks/consent',
    })
    const refused = await both.call('GET', '/self-service/login/browser?login_challenge=unknown')
    expect(refused).toMatchObject({ status: 400, body: { error: { reason: expect.stringContaining('not known') } } })
    await both.close()
    const alone = await startHydra(await fresh(), [first])
    expect(alone.app.ctx.config.oauth2).toMatchObject({ isJoined: false, asksOwnSignIn: false })
    await alone.close()
  })

  test('can be joined by Kratos later, whose secrets come first', async () => {
    const database = await fresh()
    await (await startHydra(database, [first])).close()
    const both = await startBoth(database, { system: first, cipher })
    expect(both.app.ctx.keys.ids.slice(0, 2)).toEqual([idOf(cipher), idOf(first)])
    expect(both.app.listeners.map(({ port }) => port)).toEqual([4433, 4434, 4444, 4445])
    await both.close()
  })
})
