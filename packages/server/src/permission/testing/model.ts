import type { Relationship, SubjectSet } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { requireContext } from '../conditions/index.ts'
import type { ObjectsQuestion } from '../listing/objects.ts'
import { objectsQuestion, subjectsQuestion } from '../listing/parse.ts'
import type { SubjectsQuestion } from '../listing/subjects.ts'
import { relationOf } from '../namespaces.ts'
import type { Namespace } from '../opl/model.ts'
import { changeTuples, requireNamespaces } from '../tuples/change.ts'
import { type OpenTuple, requireTuple } from '../tuples/parse.ts'
import type { RelationTuple, Subject } from '../tuples/subject.ts'
import { asTestError } from './error.ts'
import { type ConditionContext, type TestStore, testStore } from './questions.ts'

export interface ModelSettings {
  readonly namespaces: readonly Namespace[]
  /** Only what the model declares counts. */
  readonly strictMode?: boolean
  /** How many steps a check may take; by default as many as on a server. */
  readonly maxDepth?: number
}

export type TestTuple = OpenTuple & { readonly condition?: unknown }

/** A model that tests can be run against. */
export interface CompiledModel {
  /**
   * Validates a tuple. A server would also store tuples of undeclared relations; in a test they are mistakes.
   * @throws ModelTestError
   */
  tuple(open: TestTuple): RelationTuple
  /**
   * Validates a question for the objects to which a subject has a relation.
   * @throws ModelTestError
   */
  objects(of: Pick<Relationship, 'namespace' | 'relation' | keyof Subject>, context?: ConditionContext): ObjectsQuestion
  /**
   * Validates a question for the ids that have a relation to an object.
   * @throws ModelTestError
   */
  subjects(of: SubjectSet, context?: ConditionContext): SubjectsQuestion
  /** A store with these tuples and no others. Its conditions see the given time, or else the real one. */
  store(tuples: readonly RelationTuple[], at?: { now: Date | undefined }): Promise<TestStore>
}

/** Opens an empty project with the model; its clock stands still where a time is given. */
export type OpenProject = (now?: Date) => Promise<Context>

/** @throws ModelTestError for a value that is not the context of a question. */
export function conditionContext(value: unknown): ConditionContext | undefined {
  return asTestError(() => requireContext(value))
}

/** `ctx` is of a project with the model, for validation only. */
export function compiledModel(ctx: Context, openProject: OpenProject): CompiledModel {
  return {
    tuple: (tuple) => asTestError(() => requireDeclared(ctx, tuple)),
    objects: ({ namespace, relation, ...subject }, context) =>
      asTestError(() => {
        requireSetRelation(ctx, subject)
        return objectsQuestion(ctx, { namespace, relation, ...subject, context })
      }),
    subjects: (of, context) => asTestError(() => subjectsQuestion(ctx, { ...of, context })),
    async store(tuples, at) {
      const project = await openProject(at?.now)
      const changes = tuples.map((tuple) => ({ action: 'insert', tuple }) as const)
      await changeTuples(project, changes)
      return testStore(project)
    },
  }
}

function requireDeclared(ctx: Context, open: TestTuple): RelationTuple {
  const tuple = requireTuple(open)
  requireNamespaces(ctx, tuple)
  relationOf(ctx, tuple.namespace, tuple.relation)
  requireSetRelation(ctx, tuple)
  return tuple
}

function requireSetRelation(ctx: Context, { subject_set: set }: Pick<Relationship, 'subject_set'>): void {
  if (set) relationOf(ctx, set.namespace, set.relation)
}
