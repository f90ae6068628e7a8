import { defaultProject, type ProjectConfig } from './configuration/index.ts'
import { projectContext } from './db/index.ts'
import { openInstallation } from './installation.ts'
import type { Context } from './kernel/context.ts'
import { guardedFetch } from './kernel/fetch.ts'
import { createLogger } from './kernel/log.ts'
import { systemRandom } from './kernel/random.ts'
import {
  type CompiledModel,
  type ConditionContext,
  compiledModel,
  conditionContext,
  type ModelSettings,
} from './permission/index.ts'
import { ensureProject } from './project/index.ts'

/** Tests permission models in this process, on a database in memory. */
export interface ModelTester {
  /** Takes a model that was parsed without mistakes. */
  model(settings: ModelSettings): CompiledModel
  /** @throws ModelTestError for a value that is not the context of a question. */
  context(value: unknown): ConditionContext | undefined
  close(): Promise<void>
}

export async function openModelTester(): Promise<ModelTester> {
  const { database, installation, close } = await openInstallation({
    database: 'memory',
    log: createLogger({ level: 'silent' }),
    fetch: guardedFetch({ allowPrivate: false }),
  })
  const { config } = await defaultProject({ port: 4000, mode: 'dev' })
  const openProject = async (of: ProjectConfig, now?: Date): Promise<Context> => {
    const slug = systemRandom.uuid()
    const own = now ? { ...installation, clock: { now: () => now.getTime() } } : installation
    const project = await ensureProject(database, { slug, name: slug }, own)
    return projectContext(database, own, { project, config: of })
  }
  const main = await openProject(config)
  return {
    context: conditionContext,
    model(settings) {
      const own = withModel(config, settings)
      return compiledModel({ ...main, config: own }, (now) => openProject(own, now))
    },
    close,
  }
}

function withModel(config: ProjectConfig, { namespaces, strictMode = false, maxDepth }: ModelSettings): ProjectConfig {
  const { permission } = config
  const limit = maxDepth === undefined ? permission.limit : { ...permission.limit, max_read_depth: maxDepth }
  return { ...config, permission: { ...permission, namespaces, strictMode, limit } }
}
