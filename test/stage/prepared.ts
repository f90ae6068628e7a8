import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './latchkey.ts'

/** A dependency of the tests, or the reason why it is unavailable. */
export type Prepared<T> = { found: T; missing?: undefined } | { found?: undefined; missing: string }

/** The folder for installed and built test dependencies; deleted with `node_modules`. */
export const cacheDir = join(root, 'node_modules', '.cache', 'latchkey-test')

/** Runs a command and returns its output; undefined if it could not be started or failed. */
export function output(command: string, args: string[], options: { cwd?: string; timeoutMs?: number } = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', timeout: options.timeoutMs ?? 300_000, cwd: options.cwd })
  return done.status === 0 ? done.stdout.trim() : undefined
}

/** Like `output`, for long commands: prints nothing, and returns the last lines as the reason of a failure. */
export function run(command: string, args: string[], options: { env?: Record<string, string>; cwd?: string } = {}) {
  return new Promise<{ ok: boolean; tail: string }>((resolve) => {
    let tail = ''
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const take = (chunk: Buffer) => {
      tail = (tail + chunk.toString('utf8')).slice(-2000)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('error', (error) => resolve({ ok: false, tail: error.message }))
    child.once('exit', (code) => resolve({ ok: code === 0, tail: tail.trim().split('\n').slice(-4).join('\n') }))
  })
}

/** Installs Debian packages if this is Debian and the user has the privilege; returns whether it succeeded. */
export async function aptInstall(...packages: string[]): Promise<boolean> {
  if (process.getuid?.() !== 0 || output('apt-get', ['--version']) === undefined) return false
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], { env })
  return (await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env })).ok
}
