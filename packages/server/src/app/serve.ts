import cluster from 'node:cluster'
import { chmod, rm, stat, writeFile } from 'node:fs/promises'
import type { Environment, Loaded } from '../configuration/index.ts'
import { isLoopback } from '../kernel/http/index.ts'
import { createLogger } from '../kernel/log.ts'
import type { AppListener } from '../listeners/index.ts'
import { type App, type AppOptions, createApp } from './app.ts'

export interface ServeOptions {
  loaded: Loaded
  dsn: string
  /** Where `OTEL_…` and `TRUSTED_PROXIES` are looked up; the process's own unless it is given. */
  env?: Environment
  firstSteps?: AppOptions['firstSteps']
  /** For how long the start waits for a database that is not available; not at all by default. */
  databaseWaitMs?: number
  shadow?: AppOptions['shadow']
}

/** A server that listens. */
export interface Serving {
  readonly app: App
  /** What is bound, such as `http://127.0.0.1:4000`, or `http://0.0.0.0:4000` for every interface. */
  readonly addresses: readonly string[]
  /** Those of them at which other machines may change everything without a token. */
  readonly openAddresses: readonly string[]
  /**
   * Announces the shutdown for a while, during which requests are answered, so that clients and load balancers go
   * elsewhere. Then takes no new requests, finishes those begun, and closes the database.
   */
  close(announceMs?: number): Promise<void>
}

/** Starts the server with a configuration; resolves when every listener accepts connections. */
export async function serve({ env = process.env, ...options }: ServeOptions): Promise<Serving> {
  const app = await createApp({ ...options, log: createLogger(options.loaded.installation.log), env })
  const addresses: string[] = []
  const openAddresses: string[] = []
  try {
    for (const listener of app.listeners) {
      const address = await listen(listener)
      addresses.push(address)
      if (listener.isOpen && !isLoopback(listener.host) && !listener.host.startsWith(unixPrefix))
        openAddresses.push(address)
      if (listener.addressFile) await writeFile(listener.addressFile, address.replace(/^https?:\/\//, ''))
    }
  } catch (error) {
    await app.close()
    throw error
  }
  return {
    app,
    addresses,
    openAddresses,
    async close(announceMs = 0) {
      app.announceClose()
      if (announceMs > 0) await new Promise((resolve) => setTimeout(resolve, announceMs))
      await app.close()
    },
  }
}

const unixPrefix = 'unix:'

/** Gives the address, or the path of the socket. */
async function listen({ http, host, port, socketMode, isSecure }: AppListener): Promise<string> {
  if (!host.startsWith(unixPrefix)) {
    await http.listen({ host, port })
    return `${isSecure ? 'https' : 'http'}://${hostAndPort(http.server.address())}`
  }
  const path = host.slice(unixPrefix.length)
  await removeStaleSocket(path)
  await http.listen({ path })
  if (socketMode !== undefined) await chmod(path, socketMode)
  return host
}

/** As in a URL: an IPv6 address in brackets. */
function hostAndPort(bound: ReturnType<AppListener['http']['server']['address']>): string {
  if (bound === null || typeof bound === 'string') return String(bound)
  return `${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`
}

/** A server that was killed leaves its socket behind; workers find the one that their leader listens on. */
async function removeStaleSocket(path: string): Promise<void> {
  if (cluster.isWorker) return
  const status = await stat(path).catch(() => undefined)
  if (status?.isSocket()) await rm(path)
}
