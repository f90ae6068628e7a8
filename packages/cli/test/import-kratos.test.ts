import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadOriginals, openDatabase, serve } from '@latchkey/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../../test/stage/port.ts'
import { openKratosDatabase } from '../../server/test/kratos-database.ts'
import { command } from './command.ts'

const configuration = join(import.meta.dirname, '../../../test/golden/config/identity-core.yml')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-kratos-'))
})
afterEach(() => rm(folder, { recursive: true }))

const latchkey = (...args: string[]) => command(['import', 'kratos', ...args], { cwd: folder })

/** A database with two people, of whom one is signed in. */
async function makeSource(name: string): Promise<string> {
  const database = await openDatabase(`sqlite://${join(folder, name)}`)
  const kratos = await openKratosDatabase(database, '26.2')
  const nid = await kratos.network()
  const ada = await kratos.identity(nid, 'ada@harbour.example')
  await kratos.identity(nid, 'ben@harbour.example')
  await kratos.session(nid, ada, 'ory_st_ada')
  await kratos.message(nid, 2)
  await database.close()
  return ada
}

describe('import kratos', () => {
  it('prints the counts of both sides, and the server that starts afterwards knows who is signed in', async () => {
    const ada = await makeSource('kratos.sqlite')
    const args = ['--kratos', configuration, '--dsn', 'sqlite://kratos.sqlite', '--to', 'sqlite://latchkey.sqlite']
    const { status, out, err } = await latchkey(...args)
    expect([status, err]).toEqual([0, ''])
    expect(out.split('\n').slice(1)).toEqual([
      'table                            Kratos  Latchkey',
      'identities                            2         2',
      'identity_credentials                  0         0',
      'identity_credential_identifiers       0         0',
      'identity_verifiable_addresses         2         2',
      'identity_recovery_addresses           2         2',
      'sessions                              1         1',
      'session_devices                       1         1',
      'courier_messages                      1         1',
      'courier_message_dispatches            1         1',
    ])
    const loaded = await loadOriginals(
      { kratos: [configuration] },
      { SERVE_PUBLIC_PORT: String(await freePort()), SERVE_ADMIN_PORT: String(await freePort()), LOG_LEVEL: 'panic' },
    )
    const server = await serve({ loaded, dsn: `sqlite://${join(folder, 'latchkey.sqlite')}` })
    const answer = await fetch(`${server.addresses[0]}/sessions/whoami`, {
      headers: { 'x-session-token': 'ory_st_ada' },
    })
    const { identity } = (await answer.json()) as { identity: { id: string } }
    await server.close()
    expect([answer.status, identity.id]).toEqual([200, ada])
  })

  it('is shown on its page with commands and tables that are right', async () => {
    await makeSource('kratos.sqlite')
    const golden = join(configuration, '..')
    const text = await readFile(configuration, 'utf8')
    await writeFile(join(folder, 'kratos.yml'), text.replace('dsn: memory', 'dsn: sqlite://kratos.sqlite'))
    for (const schema of ['person', 'customer'])
      await copyFile(join(golden, `identity.${schema}.schema.json`), join(folder, `identity.${schema}.schema.json`))
    const page = await readFile(join(import.meta.dirname, '../../../docs/moving-from-kratos.md'), 'utf8')
    const commands = [...page.matchAll(/^ {4}latchkey ((?:import|config) .*)$/gm)].map(([, line = '']) =>
      line.split(' '),
    )
    expect(commands.map(([name]) => name)).toEqual(['config', 'import'])
    for (const args of commands) {
      const { status, out } = await command(args, { cwd: folder })
      expect([args[0], status]).toEqual([args[0], 0])
      if (args[0] !== 'import') continue
      const tableOf = (shown: string) =>
        [...shown.matchAll(/^ *((?:identit|session|courier)\w*) +\d+ +\d+$/gm)].map(([, name]) => name)
      expect(tableOf(out)).toEqual(tableOf(page))
    }
  })

  it('names the identities that were not imported, and fails', async () => {
    await makeSource('first.sqlite')
    const ada = await makeSource('second.sqlite')
    const args = ['--kratos', configuration, '--to', 'sqlite://latchkey.sqlite']
    await latchkey(...args, '--dsn', 'sqlite://first.sqlite')
    const { status, out, err } = await latchkey(...args, '--dsn', 'sqlite://second.sqlite')
    expect(status).toBe(1)
    expect(out).toMatch(/^identities +2 +0 +differs$/m)
    expect(err).toContain(`not imported: ${ada}: Another identity has one of its identifiers`)
    expect(err).toContain('2 identities were not imported')
  })

  it.each([
    ['no source', ['--to', 'sqlite://to.sqlite'], 2, /--dsn, or --kratos/],
    ['no target', ['--dsn', 'sqlite://none.sqlite'], 2, /--to/],
    ['a target in memory', ['--dsn', 'sqlite://none.sqlite', '--to', 'memory'], 2, /memory/],
    ['a source that does not exist', ['--dsn', 'sqlite://none.sqlite', '--to', 'sqlite://to.sqlite'], 1, /no database/],
    ['a source of another kind', ['--dsn', 'mysql://x', '--to', 'sqlite://to.sqlite'], 1, /DSN/],
  ])('refuses %s', async (_, args, status, message) => {
    const answer = await latchkey(...args)
    expect([answer.status, answer.out]).toEqual([status, ''])
    expect(answer.err).toMatch(message)
  })
})
