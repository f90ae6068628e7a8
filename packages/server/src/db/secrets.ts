import type { Keys } from '../kernel/keys.ts'
import type { Random } from '../kernel/random.ts'
import type { Database } from './database.ts'
import {
  addInstallationValue,
  eraseInstallationValue,
  findInstallationValue,
  setInstallationValue,
} from './installation.ts'
import { createKeyFile, readKeyFile } from './key-file.ts'

export interface SecretSources {
  /** The secrets of the configuration, the current one first. */
  readonly configured: readonly string[]
  /** The path of the key file of an SQLite database; undefined for other databases. */
  readonly keyFile: string | undefined
  readonly random: Random
}

export interface InstallationSecrets {
  /** The current one first. */
  readonly secrets: readonly [Buffer, ...Buffer[]]
  /** Whether the current one is stored in the database, so that a copy of the database contains it. */
  readonly isInDatabase: boolean
}

/**
 * The secrets of an installation: those of the configuration, and then the one in the key file of an SQLite database,
 * or in another database. Without any, one is created there on the first start. Throws if an SQLite database was used
 * with a key file that is missing.
 */
export async function installationSecrets(database: Database, sources: SecretSources): Promise<InstallationSecrets> {
  const configured = sources.configured.map((text) => Buffer.from(text))
  if (sources.keyFile !== undefined) {
    const [current, ...older] = await withKeyFile(database, { ...sources, keyFile: sources.keyFile }, configured)
    return { secrets: [current, ...older], isInDatabase: false }
  }
  const stored = await storedSecret(database)
  const [current, ...older] = stored ? [...configured, stored] : configured
  if (current) return { secrets: [current, ...older], isInDatabase: current === stored }
  const created = await addInstallationValue(database, 'secret', sources.random.bytes(32).toString('base64'))
  return { secrets: [Buffer.from(created, 'base64')], isInDatabase: true }
}

/**
 * The secret that authenticates page tokens and snapshot tokens of permissions; created on the first start. It is in
 * the database and not among the installation's secrets, so that a process without them accepts the same tokens.
 */
export async function tokenSecret(database: Database, random: Random): Promise<Buffer> {
  const stored =
    (await findInstallationValue(database, 'token secret')) ??
    (await addInstallationValue(database, 'token secret', random.bytes(32).toString('base64')))
  return Buffer.from(stored, 'base64')
}

async function withKeyFile(
  database: Database,
  { keyFile, random }: { keyFile: string; random: Random },
  configured: Buffer[],
): Promise<[Buffer, ...Buffer[]]> {
  // Looked up before the file, which another process may be creating.
  const usedKey = await findInstallationValue(database, 'key id')
  const stored = await storedSecret(database)
  let inFile = await readKeyFile(keyFile)
  if (stored) {
    // Earlier versions stored it in the database.
    inFile ??= await createKeyFile(keyFile, stored, random)
    if (inFile.equals(stored)) await eraseInstallationValue(database, 'secret')
  }
  const [current, ...older] = inFile ? [...configured, inFile] : configured
  if (current) return [current, ...older]
  if (usedKey) {
    throw new Error(
      `The database was used with the key file ${keyFile}, which is missing. Restore it, because data is encrypted with it.`,
    )
  }
  return [await createKeyFile(keyFile, random.bytes(32), random)]
}

async function storedSecret(database: Database): Promise<Buffer | undefined> {
  const stored = await findInstallationValue(database, 'secret')
  return stored === undefined ? undefined : Buffer.from(stored, 'base64')
}

/**
 * Records which secret is the current one. Throws if the database was used with a secret that is not among the keys,
 * because what is encrypted with it could not be read.
 */
export async function adoptKeys(database: Database, keys: Keys): Promise<void> {
  const used = await findInstallationValue(database, 'key id')
  if (used === keys.id) return
  if (used !== undefined && !keys.ids.includes(used)) {
    throw new Error(
      'The database was used with a secret that is not configured any more (secrets.cipher, secrets.default, secrets.system, or the key file). Add it at the end of the list, because data is encrypted with it.',
    )
  }
  await setInstallationValue(database, 'key id', keys.id)
  if (used === undefined) await addInstallationValue(database, 'encrypted with', keys.id)
}
