import { defaultProject, type ProjectConfig } from '../configuration/index.ts'
import { projectContext } from '../db/index.ts'
import type { Context } from '../kernel/context.ts'
import { guardedFetch } from '../kernel/fetch.ts'
import { createLogger } from '../kernel/log.ts'
import { systemRandom } from '../kernel/random.ts'
import { type ModelTester, modelTester } from '../permission/index.ts'
import { ensureProject } from '../project/index.ts'
import { openInstallation } from './installation.ts'

/** A model tester on a database in memory, which belongs to it. */
export interface OpenModelTester extends ModelTester {
  close(): Promise<void>
}

export async function openModelTester(): Promise<OpenModelTester> {
  const { database, installation, close } = await openInstallation({
    database: 'memory',
    log: createLogger({ level: 'silent' }),
    fetch: guardedFetch({ allowPrivate: false }),
  })
  const open = async (config: ProjectConfig, now?: Date): Promise<Context> => {
    const slug = systemRandom.uuid()
    const own = now ? { ...installation, clock: { ...installation.clock, now: () => now.getTime() } } : installation
    const project = await ensureProject(database, { slug, name: slug }, own)
    return projectContext(database, own, { project, config })
  }
  const { config } = await defaultProject({ port: 4000, mode: 'dev' })
  return { ...modelTester({ ctx: await open(config), open }), close }
}
