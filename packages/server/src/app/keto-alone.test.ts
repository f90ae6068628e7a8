import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../../../test/stage/postgres.ts'
import { dsns } from '../../test/courier.ts'
import { openApp } from '../../test/running.ts'
import { defaultProject, loadOriginals } from '../configuration/index.ts'
import { queueMessage } from '../courier/index.ts'
import { revisionOf, snapshotToken } from '../permission/changes/token.ts'
import { issueToken, verifyToken } from '../permission/tuples/token.ts'

let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keto-alone-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function startKeto(dsn: string) {
  const file = join(folder, 'keto.yml')
  await writeFile(file, 'dsn: memory\n')
  return openApp({ dsn, loaded: await loadOriginals({ keto: file }, {}) })
}

async function startAll(dsn: string, secret: string) {
  return openApp({ dsn, loaded: await defaultProject({ port: 4000, mode: 'dev' }, { SECRETS_CIPHER: secret }) })
}

describe.each(dsns)('a process that serves only Keto on %s', (_, dsn) => {
  const fresh = async () => (dsn === 'memory' ? `sqlite://${join(folder, `${count++}.sqlite`)}` : freshDatabase(dsn))
  const secret = 'a'.repeat(32)

  test('starts before and after a process with secrets, and stores no secret that decrypts', async () => {
    const database = await fresh()
    const first = await startKeto(database)
    await first.close()
    if (dsn === 'memory') await expect(access(`${new URL(database).pathname}.key`)).rejects.toThrow('ENOENT')
    const other = await startAll(database, secret)
    const second = await startKeto(database)
    const names = await second.app.database.unscoped.selectFrom('installation').select('name').orderBy('name').execute()
    expect(names.map(({ name }) => name)).toEqual(['encrypted with', 'key id', 'token secret'])
    expect([...first.lines, ...second.lines].filter((line) => line.includes('SECRETS_CIPHER'))).toEqual([])
    await second.close()
    await other.close()
    await (await startAll(database, secret)).close()
  })

  test('accepts the tokens of a process with secrets, whose own tokens that one accepts', async () => {
    const database = await fresh()
    const all = await startAll(database, secret)
    const keto = await startKeto(database)
    for (const [from, to] of [
      [all.app.ctx, keto.app.ctx],
      [keto.app.ctx, all.app.ctx],
    ] as const) {
      expect(revisionOf(to, snapshotToken(from, 7))).toBe(7)
      expect(verifyToken(to, 'relation-tuples', issueToken(from, 'relation-tuples', ['a', 1]))).toEqual(['a', 1])
    }
    await Promise.all([all.close(), keto.close()])
  })

  test('delivers no mail, since the settings for it belong to another process', async () => {
    const database = await fresh()
    const { app, close } = await startAll(database, secret)
    await close()
    const keto = await startKeto(database)
    const data = { to: 'ada@pier.example', login_code: '402118', identity: {}, request_url: '', expires_in_minutes: 15 }
    await queueMessage({ ...keto.app.ctx, keys: app.ctx.keys }, 'login_code_valid', data, { via: 'email' })
    await keto.close()
    // A delivery would begin at the start, and the shutdown would wait for it.
    await (await startKeto(database)).close()
    const reader = await startKeto(database)
    const messages = await reader.app.database.unscoped.selectFrom('courier_messages').select('status').execute()
    expect(messages).toEqual([{ status: 'queued' }])
    await reader.close()
  })
})
