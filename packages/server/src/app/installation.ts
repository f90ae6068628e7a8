import type { Logger } from 'pino'
import {
  adoptKeys,
  type Database,
  type DatabaseWait,
  databaseTransport,
  installationSecrets,
  keyFileOf,
  migrate,
  openDatabase,
  tokenSecret,
} from '../db/index.ts'
import { type Clock, systemClock } from '../kernel/clock.ts'
import type { Subscribers } from '../kernel/context.ts'
import type { Fetch } from '../kernel/fetch.ts'
import type { Installation } from '../kernel/installation.ts'
import { type Keys, keysFrom, noKeys } from '../kernel/keys.ts'
import { createNotifier } from '../kernel/notify.ts'
import { createRandom, type Random } from '../kernel/random.ts'
import { workerTransport } from '../kernel/worker-transport.ts'
import { allSubscribers } from './subscribers.ts'

export interface InstallationOptions {
  /** A DSN, or a database that is open already; it is brought up to date. */
  readonly database: string | Database
  /** For how long a database that is not available is waited for; not at all by default. */
  readonly wait?: DatabaseWait | undefined
  readonly log: Logger
  readonly fetch: Fetch
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
  /** The configured secrets; the installation's own one unless they are given. */
  readonly secrets?: readonly string[]
  /** Whether data is encrypted or decrypted, which needs the secrets; true by default. Permissions need none. */
  readonly usesSecrets?: boolean
  /** Derived from the secrets unless they are given. */
  readonly keys?: Keys
  /** Those of all rooms unless others are given. */
  readonly subscribers?: Subscribers
}

/** What all projects of a running server have in common, put together; with the database that it stands on. */
export interface OpenInstallation {
  readonly database: Database
  readonly installation: Installation
  close(): Promise<void>
}

/** Opens an installation. The only place where one is put together, for servers, commands and tests. */
export async function openInstallation(options: InstallationOptions): Promise<OpenInstallation> {
  const { log, fetch, clock = systemClock, random = createRandom(clock), subscribers = allSubscribers } = options
  const isDsn = typeof options.database === 'string'
  const database = typeof options.database === 'string' ? await openDatabase(options.database) : options.database
  const { keys, tokenKeys } = await prepare(database, options, random).catch(async (error: unknown) => {
    await database.close()
    throw error
  })
  const transports = isDsn
    ? [databaseTransport(String(options.database), { log, sender: random.uuid() }), workerTransport()]
    : []
  const notifier = await createNotifier(transports.filter((one) => one !== undefined))
  return {
    database,
    installation: { clock, random, log, keys, tokenKeys, fetch, notifier, subscribers },
    async close() {
      await notifier.close()
      await database.close()
    },
  }
}

/** Brings the database up to date, and gives its keys. */
async function prepare(database: Database, options: InstallationOptions, random: Random) {
  await migrate(database, options.wait)
  const { usesSecrets = true } = options
  const keys = options.keys ?? (usesSecrets ? await keysOf(database, { ...options, random }) : noKeys)
  return { keys, tokenKeys: keysFrom(await tokenSecret(database, random)) }
}

/** The keys of an installation. Warns if a copy of the database would contain them. */
async function keysOf(
  database: Database,
  { database: dsn, secrets: configured = [], random, log }: InstallationOptions & { random: Random },
): Promise<Keys> {
  const sources = { configured, random, keyFile: typeof dsn === 'string' ? keyFileOf(dsn) : undefined }
  const { secrets, isInDatabase } = await installationSecrets(database, sources)
  if (isInDatabase && database.capabilities.dialect === 'postgres') {
    log.warn(
      'The secret of this installation is stored in the database, so that a copy of the database is enough to decrypt it. Set SECRETS_CIPHER to a secret of 32 characters, or SECRETS_SYSTEM for OAuth2 alone.',
    )
  }
  const keys = keysFrom(...secrets)
  await adoptKeys(database, keys)
  return keys
}
