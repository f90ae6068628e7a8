import { copyFile, mkdtemp, readFile, rm, stat, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../../../test/stage/postgres.ts'
import { dsns } from '../../test/courier.ts'
import { openApp } from '../../test/running.ts'
import { defaultProject } from '../configuration/index.ts'
import { listMailbox, queueMessage } from '../courier/index.ts'
import { installationSecrets, openDatabase } from '../db/index.ts'
import { findIdentity, newIdentity, saveNew } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { systemRandom } from '../kernel/random.ts'
import { resealAll } from './resealing.ts'

const signal = new AbortController().signal
const totpUrl = 'otpauth://totp/Pier:ada?secret=JBSWY3DPEHPK3PXP&issuer=Pier'
const [first, second, third] = ['a', 'b', 'c'].map((letter) => letter.repeat(32)) as [string, string, string]

let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'))
})
afterAll(() => rm(folder, { recursive: true }))

const sqliteFile = () => join(folder, `${count++}.sqlite`)

async function start(dsn: string, secrets: string[] = []) {
  const env = secrets.length > 0 ? { SECRETS_CIPHER: JSON.stringify(secrets) } : {}
  return openApp({ dsn, loaded: await defaultProject({ port: 4000, mode: 'dev' }, env) })
}

/** Stores what is encrypted: a second factor and a message. Gives the id of the identity. */
async function fill(ctx: Context): Promise<string> {
  const now = new Date(ctx.clock.now()).toISOString()
  const totp = { type: 'totp' as const, identifiers: [], config: { totp_url: totpUrl }, version: 0 }
  const identity = newIdentity(ctx, {
    schemaId: 'person',
    traits: { email: 'ada@pier.example' },
    credentials: { totp: { ...totp, created_at: now, updated_at: now } },
  })
  await saveNew(ctx, identity)
  const data = { to: 'ada@pier.example', login_code: '402118', identity: {}, request_url: '', expires_in_minutes: 15 }
  await queueMessage(ctx, 'login_code_valid', data, { via: 'email' })
  return identity.document.id
}

async function readable(ctx: Context, id: string): Promise<boolean[]> {
  const [mail] = await listMailbox(ctx, { to: 'ada@pier.example' })
  const identity = await findIdentity(ctx, id)
  return [identity?.credentials.totp?.config.totp_url === totpUrl, mail?.text.includes('402118') ?? false]
}

const storedSecret = async (dsn: string) => {
  const database = await openDatabase(dsn)
  const rows = await database.unscoped.selectFrom('installation').select('name').execute()
  await database.close()
  return rows.some(({ name }) => name === 'secret')
}

describe('the secret of an SQLite database', () => {
  test('is in a key file that only its owner can read, and not in the database', async () => {
    const path = sqliteFile()
    const one = await start(`sqlite://${path}`)
    const id = await fill(one.app.ctx)
    await one.close()
    expect((await stat(`${path}.key`)).mode & 0o777).toBe(0o600)
    expect(await storedSecret(`sqlite://${path}`)).toBe(false)
    const again = await start(`sqlite://${path}`)
    expect(await readable(again.app.ctx, id)).toEqual([true, true])
    await again.close()
  })

  test('is needed to start with a copy of the database', async () => {
    const [path, copy] = [sqliteFile(), sqliteFile()]
    const one = await start(`sqlite://${path}`)
    await fill(one.app.ctx)
    await one.close()
    await copyFile(path, copy)
    await expect(start(`sqlite://${copy}`)).rejects.toThrow(`${copy}.key, which is missing`)
    const other = await start(`sqlite://${sqliteFile()}`)
    await other.close()
    await copyFile(`${join(folder, `${count - 1}.sqlite`)}.key`, `${copy}.key`)
    await expect(start(`sqlite://${copy}`)).rejects.toThrow('a secret that is not configured any more')
    await unlink(`${copy}.key`)
    await copyFile(`${path}.key`, `${copy}.key`)
    await (await start(`sqlite://${copy}`)).close()
  })

  test('moves from the database, where earlier versions stored it, to the key file', async () => {
    const path = sqliteFile()
    const secret = systemRandom.bytes(32)
    await (await start(`sqlite://${path}`)).close()
    await unlink(`${path}.key`)
    const database = await openDatabase(`sqlite://${path}`)
    await database.unscoped.deleteFrom('installation').execute()
    const row = { name: 'secret', value: secret.toString('base64') }
    await database.unscoped.insertInto('installation').values(row).execute()
    await database.close()
    expect((await readFile(path)).includes(row.value)).toBe(true)
    await (await start(`sqlite://${path}`)).close()
    expect(await readFile(`${path}.key`, 'utf8')).toBe(`${row.value}\n`)
    expect(await storedSecret(`sqlite://${path}`)).toBe(false)
    expect((await readFile(path)).includes(row.value)).toBe(false)
  })

  test('is created once by processes that start at the same time', async () => {
    const path = sqliteFile()
    const one = await start(`sqlite://${path}`)
    await one.close()
    await unlink(`${path}.key`)
    const database = await openDatabase(`sqlite://${path}`)
    await database.unscoped.deleteFrom('installation').execute()
    const sources = { configured: [], keyFile: `${path}.key`, random: systemRandom }
    const all = await Promise.all(Array.from({ length: 10 }, () => installationSecrets(database, sources)))
    expect(new Set(all.map(({ secrets }) => secrets[0].toString('hex'))).size).toBe(1)
    await database.close()
  })
})

describe.each(dsns)('secrets of the configuration on %s', (_, dsn) => {
  const fresh = async () => (dsn === 'memory' ? `sqlite://${sqliteFile()}` : freshDatabase(dsn))

  test('are changed by a list, and what was encrypted before is encrypted again', async () => {
    const database = await fresh()
    const before = await start(database, [first])
    const id = await fill(before.app.ctx)
    await before.close()
    expect(await storedSecret(database)).toBe(false)

    const changing = await start(database, [second, first])
    expect(await readable(changing.app.ctx, id)).toEqual([true, true])
    const { ctx } = changing.app
    await resealAll({ ...ctx, database: changing.app.database }, signal)
    await changing.close()

    const after = await start(database, [second])
    expect(await readable(after.app.ctx, id)).toEqual([true, true])
    await after.close()
    for (const wrong of [[first], [third]]) {
      await expect(start(database, wrong)).rejects.toThrow('a secret that is not configured any more')
    }
  })

  test('replace a secret that the installation has created', async () => {
    const database = await fresh()
    const before = await start(database)
    const id = await fill(before.app.ctx)
    await before.close()
    const after = await start(database, [first])
    expect(await readable(after.app.ctx, id)).toEqual([true, true])
    await after.close()
  })

  test('of which none is given lead to a warning where the database contains the secret', async () => {
    const database = await fresh()
    const warnings = async (secrets: string[]) => {
      const one = await start(database, secrets)
      await one.close()
      return one.lines.filter((line) => line.includes('stored in the database')).length
    }
    expect(await warnings([])).toBe(dsn === 'memory' ? 0 : 1)
    expect(await warnings([first])).toBe(0)
  })
})
