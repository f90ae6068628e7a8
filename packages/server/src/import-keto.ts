import { defaultProject } from './configuration/index.ts'
import { type Database, installationSecret, migrate } from './db/index.ts'
import { openDirectory } from './directory.ts'
import { systemClock } from './kernel/clock.ts'
import { configuredFetch } from './kernel/fetch.ts'
import { keysFrom } from './kernel/keys.ts'
import { createLogger } from './kernel/log.ts'
import { systemRandom } from './kernel/random.ts'
import { ImportError, type Imported, type ImportOptions, importTuples } from './permission/index.ts'
import { findProjectBySlug } from './project/index.ts'

export interface KetoImport extends ImportOptions {
  /** Opened to be read only. */
  from: Database
  to: Database
  /** The project that the tuples go to; the main one unless it is named. */
  slug?: string
}

/**
 * Takes the relationships of a Keto database over into a project, without starting a server: nothing of what a server
 * does by itself, such as sending mail, happens meanwhile.
 * @throws ImportError
 */
export async function importKeto({ from, to, slug, ...options }: KetoImport): Promise<Imported> {
  await migrate(to)
  const { project, config, installation: settings } = await defaultProject({ port: 4000, mode: 'dev' })
  if (slug !== undefined && slug !== project.slug && !(await findProjectBySlug(to, slug))) {
    throw new ImportError(`There is no project ${slug} in the database.`)
  }
  const random = systemRandom
  const keys = keysFrom(await installationSecret(to, random))
  const fetch = configuredFetch(settings.outgoing)
  const installation = { clock: systemClock, random, log: createLogger({ level: 'silent' }), keys, fetch }
  const directory = await openDirectory(
    { database: to, installation },
    { project: { ...project, slug: slug ?? project.slug }, config },
  )
  return importTuples(directory.main, from, options)
}
