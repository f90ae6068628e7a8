import cluster from 'node:cluster'
import { chmod, rm, stat, writeFile } from 'node:fs/promises'
import type { Environment, Loaded } from '../configuration/index.ts'
import { createLogger } from '../kernel/log.ts'
import type { AppListener } from '../listeners/index.ts'
import { type App, type AppOptions, createApp } from './app.ts'

export interface ServeOptions {
  loaded: Loaded
  dsn: string
  /** Where `OTEL_…` and `TRUSTED_PROXIES` are looked up; the process's own unless it is given. */
  env?: Environment
  firstSteps?: AppOptions['firstSteps']
}

/** A server that listens. */
export interface Serving {
  readonly app: App
  /** Where it listens, such as `http://127.0.0.1:4000`. */
  readonly addresses: readonly string[]
  /** Takes no new requests, finishes those begun, closes the database. */
  close(): Promise<void>
}

/** Starts the server with a configuration; resolves when every listener accepts connections. */
export async function serve({ loaded, dsn, env = process.env, firstSteps }: ServeOptions): Promise<Serving> {
  const log = createLogger(loaded.installation.log)
  const app = await createApp({ loaded, dsn, log, env, firstSteps })
  const addresses: string[] = []
  try {
    for (const listener of app.listeners) {
      const address = await listen(listener)
      addresses.push(address)
      if (listener.addressFile) await writeFile(listener.addressFile, address.replace(/^https?:\/\//, ''))
    }
  } catch (error) {
    await app.close()
    throw error
  }
  return { app, addresses, close: () => app.close() }
}

const unixPrefix = 'unix:'

/** Gives the address, or the path of the socket. */
async function listen({ http, host, port, socketMode, isSecure }: AppListener): Promise<string> {
  if (!host.startsWith(unixPrefix)) {
    const address = await http.listen({ host: host || '127.0.0.1', port })
    return isSecure ? address.replace(/^http:/, 'https:') : address
  }
  const path = host.slice(unixPrefix.length)
  await removeStaleSocket(path)
  await http.listen({ path })
  if (socketMode !== undefined) await chmod(path, socketMode)
  return host
}

/** A server that was killed leaves its socket behind; workers find the one that their leader listens on. */
async function removeStaleSocket(path: string): Promise<void> {
  if (cluster.isWorker) return
  const status = await stat(path).catch(() => undefined)
  if (status?.isSocket()) await rm(path)
}
