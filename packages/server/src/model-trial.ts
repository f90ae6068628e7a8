import { ApiError } from '@latchkey/api'
import { type Database, migrate, openDatabase, projectContext } from './db/index.ts'
import { systemClock } from './kernel/clock.ts'
import { defaultProject, type ProjectConfig } from './kernel/config/index.ts'
import type { Context } from './kernel/context.ts'
import { configuredFetch } from './kernel/fetch.ts'
import { keysFrom } from './kernel/keys.ts'
import { createLogger } from './kernel/log.ts'
import { systemRandom } from './kernel/random.ts'
import {
  changeTuples,
  check,
  type Namespace,
  type OpenTuple,
  type RelationTuple,
  relationOf,
  requireNamespaces,
  requireSubject,
} from './permission/index.ts'
import { ensureProject } from './project/index.ts'

/** Why something cannot be tried: a tuple that no server would take, or that the model does not know. */
export class TrialError extends Error {}

/** Permission models tried out in this process, on a database in memory that ends with it. */
export interface ModelTrial {
  /** Takes a model, which has been parsed without mistakes. */
  model(settings: ModelSettings): TriedModel
  close(): Promise<void>
}

export interface ModelSettings {
  readonly namespaces: readonly Namespace[]
  /** Only what the model declares counts. */
  readonly strictMode?: boolean
  /** How many steps a check may take; as many as a server's that is not configured otherwise. */
  readonly maxDepth?: number
}

export interface TriedModel {
  /**
   * Reads a tuple whose namespaces and relations the model declares: a server would write others down as well, but in a
   * trial they are slips.
   * @throws TrialError
   */
  tuple(open: OpenTuple): RelationTuple
  /** A project of its own, with these tuples and no others. */
  world(tuples: readonly RelationTuple[]): Promise<World>
}

export interface World {
  /** @throws TrialError where a server would refuse to answer. */
  check(tuple: RelationTuple): Promise<boolean>
}

export async function openModelTrial(): Promise<ModelTrial> {
  const database = await openDatabase('memory')
  await migrate(database)
  const { project, config } = await defaultProject({ port: 4000, mode: 'dev' })
  const open = projectsIn(database)
  const main = await open(project.slug, config)
  return {
    model(settings) {
      const own = configured(config, settings)
      const ctx: Context = { ...main, config: own }
      let worlds = 0
      return {
        tuple: (tuple) => explained(() => declared(ctx, tuple)),
        async world(tuples) {
          const world = await open(`${systemRandom.uuid()}-${worlds++}`, own)
          await changeTuples(
            world,
            tuples.map((tuple) => ({ action: 'insert', tuple })),
          )
          return { check: async (tuple) => explainedLater(() => check(world, tuple, 0)) }
        },
      }
    },
    close: () => database.close(),
  }
}

function projectsIn(database: Database) {
  const [clock, random] = [systemClock, systemRandom]
  const common = { clock, random, log: createLogger({ level: 'silent' }), keys: keysFrom(random.bytes(32)) }
  return async (slug: string, config: ProjectConfig): Promise<Context> => {
    const project = await ensureProject(database, { slug, name: slug }, common)
    const fetch = configuredFetch(config.identity.clients.http)
    return projectContext(database, { ...common, fetch }, { project, config })
  }
}

function configured(config: ProjectConfig, { namespaces, strictMode = false, maxDepth }: ModelSettings): ProjectConfig {
  const { permission } = config
  const limit = maxDepth === undefined ? permission.limit : { ...permission.limit, max_read_depth: maxDepth }
  return { ...config, permission: { ...permission, namespaces, strictMode, limit } }
}

function declared(ctx: Context, open: OpenTuple): RelationTuple {
  const tuple = requireSubject(open)
  requireNamespaces(ctx, tuple)
  relationOf(ctx, tuple.namespace, tuple.relation)
  const { subject_set: set } = tuple
  if (set) relationOf(ctx, set.namespace, set.relation)
  return tuple
}

function explained<T>(action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw trialError(error)
  }
}

async function explainedLater<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw trialError(error)
  }
}

function trialError(error: unknown): unknown {
  return error instanceof ApiError ? new TrialError(error.reason ?? error.message) : error
}
