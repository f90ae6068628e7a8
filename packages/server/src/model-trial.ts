import { ApiError, type Relationship, type SubjectSet } from '@latchkey/api'
import { defaultProject, type ProjectConfig } from './configuration/index.ts'
import { projectContext } from './db/index.ts'
import { type OpenInstallation, openInstallation } from './installation.ts'
import type { Context } from './kernel/context.ts'
import { guardedFetch } from './kernel/fetch.ts'
import { createLogger } from './kernel/log.ts'
import { systemRandom } from './kernel/random.ts'
import {
  changeTuples,
  check,
  listObjects,
  listSubjects,
  type Namespace,
  type ObjectsQuestion,
  type OpenTuple,
  objectsQuestion,
  type RelationTuple,
  relationOf,
  requireContext,
  requireNamespaces,
  requireTuple,
  type Subject,
  type SubjectsQuestion,
  subjectsQuestion,
} from './permission/index.ts'
import { ensureProject } from './project/index.ts'

/** Why something cannot be tried: a tuple that no server would take, or that the model does not know. */
export class TrialError extends Error {}

/** Permission models tried out in this process, on a database in memory that ends with it. */
export interface ModelTrial {
  /** Takes a model, which has been parsed without mistakes. */
  model(settings: ModelSettings): TriedModel
  /**
   * Reads what conditions are told.
   * @throws TrialError
   */
  context(value: unknown): ConditionContext | undefined
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
  tuple(open: TrialTuple): RelationTuple
  /**
   * Reads a question for the objects that a subject has a relation to.
   * @throws TrialError as `tuple`
   */
  objects(of: Pick<Relationship, 'namespace' | 'relation' | keyof Subject>, context?: ConditionContext): ObjectsQuestion
  /**
   * Reads a question for the ids that have a relation to an object.
   * @throws TrialError as `tuple`
   */
  subjects(of: SubjectSet, context?: ConditionContext): SubjectsQuestion
  /** A project of its own, with these tuples and no others. Conditions see the time that is given, or else the real one. */
  world(tuples: readonly RelationTuple[], at?: { now: Date | undefined }): Promise<World>
}

export type TrialTuple = OpenTuple & { readonly condition?: unknown }

/** Its questions throw a TrialError where a server would refuse to answer. */
export interface World {
  check(tuple: RelationTuple, context?: ConditionContext): Promise<boolean>
  /** All of the list, in the order of the names' bytes. */
  objects(question: ObjectsQuestion): Promise<string[]>
  /** All of the list, as `objects`. */
  subjects(question: SubjectsQuestion): Promise<string[]>
}

/** Values by name, such as come with a question. */
export type ConditionContext = NonNullable<ReturnType<typeof requireContext>>

export async function openModelTrial(): Promise<ModelTrial> {
  const opened = await openInstallation({
    database: 'memory',
    log: createLogger({ level: 'silent' }),
    fetch: guardedFetch({ allowPrivate: false }),
  })
  const { project, config } = await defaultProject({ port: 4000, mode: 'dev' })
  const open = projectsIn(opened)
  const main = await open({ slug: project.slug, config })
  return {
    context: (value) => explained(() => requireContext(value)),
    model(settings) {
      const own = configured(config, settings)
      const ctx: Context = { ...main, config: own }
      return {
        tuple: (tuple) => explained(() => declared(ctx, tuple)),
        objects: ({ namespace, relation, ...subject }, context) =>
          explained(() => {
            requireSetRelation(ctx, subject)
            return objectsQuestion(ctx, { namespace, relation, ...subject, context })
          }),
        subjects: (of, context) => explained(() => subjectsQuestion(ctx, { ...of, context })),
        async world(tuples, at) {
          const world = await open({ slug: systemRandom.uuid(), config: own, now: at?.now })
          await changeTuples(
            world,
            tuples.map((tuple) => ({ action: 'insert', tuple })),
          )
          return worldIn(world)
        },
      }
    },
    close: () => opened.close(),
  }
}

function projectsIn({ database, installation }: OpenInstallation) {
  return async (of: { slug: string; config: ProjectConfig; now?: Date | undefined }): Promise<Context> => {
    const { slug, config, now } = of
    const clock = now ? { now: () => now.getTime() } : installation.clock
    const own = { ...installation, clock }
    const project = await ensureProject(database, { slug, name: slug }, own)
    return projectContext(database, own, { project, config })
  }
}

function configured(config: ProjectConfig, { namespaces, strictMode = false, maxDepth }: ModelSettings): ProjectConfig {
  const { permission } = config
  const limit = maxDepth === undefined ? permission.limit : { ...permission.limit, max_read_depth: maxDepth }
  return { ...config, permission: { ...permission, namespaces, strictMode, limit } }
}

function declared(ctx: Context, open: TrialTuple): RelationTuple {
  const tuple = requireTuple(open)
  requireNamespaces(ctx, tuple)
  relationOf(ctx, tuple.namespace, tuple.relation)
  requireSetRelation(ctx, tuple)
  return tuple
}

function requireSetRelation(ctx: Context, { subject_set: set }: Pick<Relationship, 'subject_set'>): void {
  if (set) relationOf(ctx, set.namespace, set.relation)
}

function worldIn(ctx: Context): World {
  return {
    check: (tuple, context) => answered(async () => (await check(ctx, tuple, { context })).allowed),
    objects: (question) =>
      answered(() =>
        allPages(async (token) => {
          const { objects, next_page_token: next } = await listObjects(ctx, question, { size: largestPage, token })
          return { names: objects, next }
        }),
      ),
    subjects: (question) =>
      answered(() =>
        allPages(async (token) => {
          const { subjects, next_page_token: next } = await listSubjects(ctx, question, { size: largestPage, token })
          return { names: subjects.map(({ subject_id: id = '' }) => id), next }
        }),
      ),
  }
}

const largestPage = 1000

async function allPages(page: (token: string) => Promise<{ names: string[]; next: string }>): Promise<string[]> {
  const names: string[] = []
  let token = ''
  do {
    const read = await page(token)
    names.push(...read.names)
    token = read.next
  } while (token !== '')
  return names
}

function explained<T>(action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw trialError(error)
  }
}

async function answered<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question()
  } catch (error) {
    throw trialError(error)
  }
}

function trialError(error: unknown): unknown {
  return error instanceof ApiError ? new TrialError(error.reason ?? error.message) : error
}
