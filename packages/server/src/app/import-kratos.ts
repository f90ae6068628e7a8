import { configuredSecrets, type Loaded } from '../configuration/index.ts'
import { projectContext, type SourceDatabase } from '../db/index.ts'
import { configuredFetch } from '../kernel/fetch.ts'
import { createLogger } from '../kernel/log.ts'
import { type ImportedKratos, importFromKratos, type KratosImportOptions } from '../kratos/index.ts'
import { ensureProject } from '../project/index.ts'
import { openInstallation } from './installation.ts'

export interface KratosImport extends KratosImportOptions {
  /** Opened to be read only. */
  from: SourceDatabase
  /** The DSN of the target. */
  to: string
  /** The configuration that the target will be served with: its schemas, and its secrets, which encrypt credentials. */
  loaded: Loaded
}

/**
 * Takes the data of a Kratos database over into a project, without starting a server: nothing of what a server does by
 * itself, such as sending mail, happens meanwhile.
 * @throws ImportError
 */
export async function importKratos({ from, to, loaded, ...options }: KratosImport): Promise<ImportedKratos> {
  const { project, config, installation: settings } = loaded
  const { database, installation, close } = await openInstallation({
    database: to,
    log: createLogger({ level: 'silent' }),
    fetch: configuredFetch(settings.outgoing),
    secrets: configuredSecrets(settings),
  })
  try {
    const target = await ensureProject(database, project, installation)
    return await importFromKratos(projectContext(database, installation, { project: target, config }), from, options)
  } finally {
    await close()
  }
}
