import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Whether a server of MariaDB is installed. */
export const hasMariadb = ['mariadbd', 'mariadb-install-db'].every(
  (program) => !spawnSync(program, ['--help'], { env: withSystemFolders(), stdio: 'ignore' }).error,
)

/** A server of MariaDB on a socket in a folder of its own, with an empty database. */
export async function startMariadb(): Promise<{ dsn: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'mariadb-'))
  const options = ['--no-defaults', `--user=${userInfo().username}`, `--datadir=${join(folder, 'data')}`]
  const made = spawnSync('mariadb-install-db', [...options, '--auth-root-authentication-method=normal'], {
    env: withSystemFolders(),
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(made.stderr)
  const socket = join(folder, 'socket')
  const server = spawn(
    'mariadbd',
    [...options, `--socket=${socket}`, '--skip-networking', '--innodb-fast-shutdown=2'],
    {
      env: withSystemFolders(),
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  await ready(server)
  return {
    // The database `test` is made by the installation.
    dsn: `mysql://root@unix(${socket})/test?parseTime=true`,
    async stop() {
      server.kill('SIGKILL')
      await once(server, 'exit')
      await rm(folder, { recursive: true })
    },
  }
}

async function ready(server: ChildProcess): Promise<void> {
  if (!server.stderr) throw new Error('the server has no output')
  const lines: string[] = []
  for await (const line of createInterface(server.stderr)) {
    lines.push(line)
    if (line.includes('ready for connections')) return void server.stderr.resume()
  }
  throw new Error(`MariaDB ended: ${lines.slice(-5).join(' ')}`)
}

function withSystemFolders() {
  return { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` }
}
