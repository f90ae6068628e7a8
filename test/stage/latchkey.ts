import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { freePort } from './port.ts'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
export const goldenDir = join(root, 'test', 'golden')

/** A running server under test. */
export interface Latchkey {
  /** The URLs of Kratos's or Hydra's listeners; empty if neither is served. */
  readonly public: string
  readonly admin: string
  /** The URLs of Keto's listeners; empty if it is not served. */
  readonly read: string
  readonly write: string
  readonly syntax: string
  readonly pid: number
  readonly ports: Ports
  /** Resolves with the exit code; null after a signal. */
  readonly ended: Promise<number | null>
  /** The output so far, of stdout and stderr. */
  log(): string
  /** Resolves when the output matches; rejects if the server exits before. */
  said(pattern: RegExp): Promise<void>
  /** Sends SIGTERM and waits for the exit. Throws if the process does not exit within 15 s. */
  stop(): Promise<void>
  /** Sends SIGKILL and waits for the exit. */
  kill(): Promise<void>
}

export interface StartOptions {
  /** A Kratos configuration file: drop-in mode. */
  kratos?: string
  /** A Hydra configuration file: drop-in mode; not together with Kratos, whose listeners have the same names. */
  hydra?: string
  /** A Keto configuration file: drop-in mode. */
  keto?: string
  /** `memory`, `sqlite://…` or `postgres://…`. */
  dsn?: string
  /** The ports from the file, or free ports set by environment variables (the default). */
  ports?: 'file' | 'free'
  env?: Record<string, string>
  /** The number of worker processes; one process without workers by default. */
  workers?: number
  /** An earlier start, whose ports are used again. */
  after?: Pick<Latchkey, 'ports'>
  /** Whether to return before the server is ready. */
  early?: boolean
  /** A prefix for the command, such as `['taskset', '-c', '0']`. */
  prefix?: string[]
}

/**
 * Starts Latchkey in drop-in mode and waits until it is ready.
 * With `LATCHKEY_TEST_TARGET=PUBLIC_URL,ADMIN_URL` (for Keto only `READ_URL,WRITE_URL,SYNTAX_URL`) that running server
 * is used instead, for example to run the tests against the reference.
 */
export async function startLatchkey(options: StartOptions): Promise<Latchkey> {
  const target = process.env.LATCHKEY_TEST_TARGET
  if (target) return running(target, options)
  const { kratos, hydra, keto, ports = 'free' } = options
  const [first, ofKeto] = await Promise.all([
    options.after?.ports ?? portsOf(kratos ?? hydra, ports, ['public', 'admin']),
    options.after?.ports ?? portsOf(keto, ports, ['read', 'write', 'metrics', 'opl']),
  ])
  const workers = options.workers ? ['--workers', String(options.workers)] : []
  const files = Object.entries({ kratos, hydra, keto }).flatMap(([name, file]) => (file ? [`--${name}`, file] : []))
  const child = launch(['serve', ...files, ...workers, '--dsn', options.dsn ?? 'memory'], {
    env: {
      ...(ports === 'free' ? portVariables({ ...first, ...ofKeto }) : {}),
      ...(ports === 'free' && hydra && { URLS_SELF_ISSUER: `http://127.0.0.1:${first.public}` }),
      ...options.env,
    },
    prefix: options.prefix ?? [],
  })
  const origin = (port: number | undefined) => (port === undefined ? '' : `http://127.0.0.1:${port}`)
  const [admin, read] = [origin(first.admin), origin(ofKeto.read)]
  if (!options.early) await ready(child, `${admin || read}/health/ready`)
  const named = { public: origin(first.public), admin, ports: { ...first, ...ofKeto } }
  return { ...named, read, write: origin(ofKeto.write), syntax: origin(ofKeto.opl), ...child.controls }
}

/** Starts Latchkey in development mode on one origin; `token` is the printed admin token. */
export async function startDev(env: Record<string, string> = {}): Promise<Latchkey & { token: string }> {
  const port = await freePort()
  return startOneOrigin(port, ['--port', String(port)], env)
}

/** Starts Latchkey in development mode with a project file, whose listener has this port. */
export function startProject(file: string, port: number): Promise<Latchkey & { token: string }> {
  return startOneOrigin(port, ['-c', file], {})
}

async function startOneOrigin(port: number, args: string[], env: Record<string, string>) {
  const origin = `http://localhost:${port}`
  const child = launch(['serve', '--dev', ...args, '--dsn', 'memory'], { env, prefix: [] })
  await ready(child, `http://127.0.0.1:${port}/health/ready`)
  const token = child.controls.log().match(/ory_pat_[A-Za-z0-9_-]+/)?.[0] ?? ''
  return {
    public: origin,
    admin: origin,
    read: origin,
    write: origin,
    syntax: origin,
    token,
    ports: { public: port },
    ...child.controls,
  }
}

interface Launched {
  process: ChildProcess
  ended: Promise<number | null>
  controls: Pick<Latchkey, 'pid' | 'ended' | 'log' | 'said' | 'stop' | 'kill'>
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
  let wake = () => {}
  const take = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-200_000)
    wake()
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
  const said = async (pattern: RegExp) => {
    while (!pattern.test(output)) {
      if (child.exitCode !== null) throw new Error(`the server ended: ${output.slice(-2000)}`)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  void ended.then(() => wake())
  const controls = {
    ended,
    said,
    pid: child.pid ?? 0,
    log: () => output,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
  process.once('exit', () => child.kill('SIGKILL'))
  return { process: child, ended, controls }
}

/** Several servers can start at the same time on a machine that is shared. */
const readyMs = 60_000

async function ready(child: Launched, url: string): Promise<void> {
  let over = false
  void child.ended.then(() => {
    over = true
  })
  for (const until = Date.now() + readyMs; Date.now() < until; ) {
    if (over) throw new Error(`the server ended before it was ready:\n${child.controls.log().slice(-4000)}`)
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await child.controls.kill()
  throw new Error(`the server was not ready within ${readyMs / 1000} s:\n${child.controls.log().slice(-4000)}`)
}

type Ports = Partial<Record<string, number>>

/** The ports of the listeners of an Ory service: those in its file, or free ones. */
async function portsOf(file: string | undefined, from: 'file' | 'free', listeners: string[]): Promise<Ports> {
  if (file === undefined) return {}
  const ports: Ports = {}
  if (from === 'free') for (const name of listeners) ports[name] = await freePort()
  else {
    const { serve } = parse(await readFile(file, 'utf8')) as { serve: Record<string, { port: number }> }
    for (const name of listeners) ports[name] = serve[name]?.port
  }
  return ports
}

/** The environment variables that set these ports, and their URLs. */
export function portVariables(ports: Ports): Record<string, string> {
  const variables = Object.entries(ports).flatMap(([name, port]) => {
    const prefix = `SERVE_${name.toUpperCase()}`
    const hasAddress = name === 'public' || name === 'admin'
    return [
      [`${prefix}_PORT`, String(port)],
      ...(hasAddress ? [[`${prefix}_BASE_URL`, `http://127.0.0.1:${port}/`]] : []),
    ]
  })
  return Object.fromEntries(variables)
}

function running(target: string, { kratos, hydra }: StartOptions): Latchkey {
  const [first = '', second = first, third = first] = target.split(',')
  const nothing = async () => {}
  const origins =
    (kratos ?? hydra)
      ? { public: first, admin: second, read: '', write: '', syntax: '' }
      : { public: '', admin: '', read: first, write: second, syntax: third }
  return {
    ...origins,
    pid: 0,
    ports: {},
    ended: new Promise<null>(() => {}),
    log: () => '',
    said: nothing,
    stop: nothing,
    kill: nothing,
  }
}
