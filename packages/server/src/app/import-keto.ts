import { defaultProject } from '../configuration/index.ts'
import { type Database, projectContext } from '../db/index.ts'
import { configuredFetch } from '../kernel/fetch.ts'
import { ImportError } from '../kernel/import-error.ts'
import { createLogger } from '../kernel/log.ts'
import { type Imported, type ImportOptions, importTuples } from '../permission/index.ts'
import { ensureProject, findProjectBySlug } from '../project/index.ts'
import { openInstallation } from './installation.ts'

export interface KetoImport extends ImportOptions {
  /** Opened to be read only. */
  from: Database
  to: Database
  /** The slug of the target project; the default project if undefined. */
  slug?: string
}

/**
 * Takes the relationships of a Keto database over into a project, without starting a server: nothing of what a server
 * does by itself, such as sending mail, happens meanwhile.
 * @throws ImportError
 */
export async function importKeto({ from, to, slug, ...options }: KetoImport): Promise<Imported> {
  const { project, config, installation: settings } = await defaultProject({ port: 4000, mode: 'dev' })
  const fetch = configuredFetch(settings.outgoing)
  const { database, installation } = await openInstallation({
    database: to,
    log: createLogger({ level: 'silent' }),
    fetch,
    usesSecrets: false,
  })
  if (slug !== undefined && slug !== project.slug && !(await findProjectBySlug(database, slug))) {
    throw new ImportError(`There is no project ${slug} in the database.`)
  }
  const target = await ensureProject(database, { ...project, slug: slug ?? project.slug }, installation)
  return importTuples(projectContext(database, installation, { project: target, config }), from, options)
}
