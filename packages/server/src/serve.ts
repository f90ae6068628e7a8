import { writeFile } from 'node:fs/promises'
import { type App, type AppOptions, createApp } from './app.ts'
import type { Environment, Loaded } from './kernel/config/index.ts'
import { createLogger } from './kernel/log.ts'

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
  const log = createLogger(loaded.config.identity.log)
  const app = await createApp({ loaded, dsn, log, env, firstSteps })
  const addresses: string[] = []
  try {
    for (const { http, host, port, addressFile } of app.listeners) {
      const address = await http.listen({ host: host || '127.0.0.1', port })
      addresses.push(address)
      if (addressFile) await writeFile(addressFile, address.replace(/^http:\/\//, ''))
    }
  } catch (error) {
    await app.close()
    throw error
  }
  return { app, addresses, close: () => app.close() }
}
