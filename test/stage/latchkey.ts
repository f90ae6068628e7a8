import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { freePort } from './port.ts'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
export const goldenDir = join(root, 'test', 'golden')

/** A server under test: where it listens, and how it ends. */
export interface Latchkey {
  readonly public: string
  readonly admin: string
  readonly pid: number
  /** What it printed so far, both streams. */
  log(): string
  /** SIGTERM, then waits for the end. Fails when it does not end within 15 s. */
  stop(): Promise<void>
  /** SIGKILL, then waits for the end. */
  kill(): Promise<void>
}

export interface StartOptions {
  /** A Kratos configuration file: drop-in mode. */
  kratos: string
  /** `memory`, `sqlite://…` or `postgres://…`. */
  dsn?: string
  /** The ports written in the file, or free ones by the environment (the default). */
  ports?: 'file' | 'free'
  env?: Record<string, string>
  /** Put before the command, as `['taskset', '-c', '0']`. */
  prefix?: string[]
}

/**
 * Starts Latchkey in drop-in mode and waits until it is ready.
 * With `LATCHKEY_TEST_TARGET=PUBLIC_URL,ADMIN_URL` that running server is used instead, which is how these tests were
 * tried against the reference.
 */
export async function startLatchkey(options: StartOptions): Promise<Latchkey> {
  const target = process.env.LATCHKEY_TEST_TARGET
  if (target) return running(target)
  const origin = options.ports === 'file' ? await portsOf(options.kratos) : await freePorts()
  const child = launch(['serve', '--kratos', options.kratos, '--dsn', options.dsn ?? 'memory'], {
    env: { ...origin.env, ...options.env },
    prefix: options.prefix ?? [],
  })
  await ready(child, `${origin.admin}/health/ready`)
  return { public: origin.public, admin: origin.admin, ...child.controls }
}

/** Starts Latchkey in development mode on one origin; `token` is the admin token that it printed. */
export async function startDev(dsn = 'memory'): Promise<Latchkey & { token: string }> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const child = launch(['serve', '--dev', '--port', String(port), '--dsn', dsn], { env: {}, prefix: [] })
  await ready(child, `http://127.0.0.1:${port}/health/ready`)
  const token = child.controls.log().match(/ory_pat_[A-Za-z0-9_-]+/)?.[0] ?? ''
  return { public: origin, admin: origin, token, ...child.controls }
}

interface Launched {
  process: ChildProcess
  ended: Promise<number | null>
  controls: Pick<Latchkey, 'pid' | 'log' | 'stop' | 'kill'>
}

function launch(args: string[], options: { env: Record<string, string>; prefix: string[] }): Launched {
  const command = [
    ...options.prefix,
    process.execPath,
    ...['--import', 'tsx', '--conditions=development', 'packages/cli/src/main.ts', ...args],
  ]
  const child = spawn(command[0] as string, command.slice(1), {
    cwd: root,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const take = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-200_000)
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.once('error', (error) => {
      output += String(error)
      resolve(null)
    })
  })
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal)
    const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), 15_000).unref())
    if ((await Promise.race([ended, late])) !== 'late') return
    child.kill('SIGKILL')
    throw new Error(`the server did not end within 15 s of ${signal}`)
  }
  const controls = { pid: child.pid ?? 0, log: () => output, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
  process.once('exit', () => child.kill('SIGKILL'))
  return { process: child, ended, controls }
}

async function ready(child: Launched, url: string): Promise<void> {
  let over = false
  void child.ended.then(() => {
    over = true
  })
  for (const until = Date.now() + 30_000; Date.now() < until; ) {
    if (over) throw new Error(`the server ended before it was ready:\n${child.controls.log().slice(-4000)}`)
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await child.controls.kill()
  throw new Error(`the server was not ready within 30 s:\n${child.controls.log().slice(-4000)}`)
}

async function portsOf(file: string) {
  const { serve } = parse(await readFile(file, 'utf8')) as { serve: Record<'public' | 'admin', { port: number }> }
  return {
    public: `http://127.0.0.1:${serve.public.port}`,
    admin: `http://127.0.0.1:${serve.admin.port}`,
    env: {} as Record<string, string>,
  }
}

async function freePorts() {
  const [open, admin] = [await freePort(), await freePort()]
  const env = {
    SERVE_PUBLIC_PORT: String(open),
    SERVE_PUBLIC_BASE_URL: `http://127.0.0.1:${open}/`,
    SERVE_ADMIN_PORT: String(admin),
    SERVE_ADMIN_BASE_URL: `http://127.0.0.1:${admin}/`,
  }
  return { public: `http://127.0.0.1:${open}`, admin: `http://127.0.0.1:${admin}`, env: env as Record<string, string> }
}

function running(target: string): Latchkey {
  const [open = '', admin = open] = target.split(',')
  const nothing = async () => {}
  return { public: open, admin, pid: 0, log: () => '', stop: nothing, kill: nothing }
}
