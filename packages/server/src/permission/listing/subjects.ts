import type { PermissionSubjects } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { CheckOptions } from '../check/check.ts'
import type { ObjectRelation } from '../check/store.ts'
import type { NamespaceRelation } from '../check/tuple-shapes.ts'
import { type Subject, subjectOf } from '../tuples/subject.ts'
import { isTurnOver, nextTurn } from '../turn.ts'
import { forwardExpand } from './forward-expand.ts'
import { among, type Candidates, fillPage } from './page.ts'
import { type AskedPage, pageAfter, tokenAfter } from './paging.ts'
import { readRewriteGraph } from './rewrite-graph.ts'
import { slicesOf } from './slices.ts'
import { type NamePage, subjectNames, subjectsWith } from './store.ts'

/** Which subjects of one shape have a relation to an object. */
export interface SubjectsQuestion {
  readonly of: ObjectRelation
  /** The relation of subject sets, or the empty one, which is the shape of ids. */
  readonly shape: NamespaceRelation
  /** Those of the check of each candidate. */
  readonly options: CheckOptions
}

/**
 * Every subject of one shape that occurs in a tuple and that a check allows, once, ordered by the bytes of the names,
 * page by page.
 */
export async function listSubjects(
  ctx: Context,
  asked: SubjectsQuestion,
  page: AskedPage,
): Promise<PermissionSubjects> {
  const [namespace, object, relation] = asked.of
  const tuple = (name: string) => ({ namespace, object, relation, ...subjectNamed(asked.shape, name) })
  const wanted = pageAfter(ctx, 'permission-subjects', page)
  const candidates = await candidateSubjects(ctx, asked)
  const check = { tuple, options: asked.options }
  const { names, last } = await fillPage(ctx, wanted, { candidates, check })
  return {
    subjects: names.map((name) => subjectNamed(asked.shape, name)),
    next_page_token: tokenAfter(ctx, 'permission-subjects', last),
  }
}

async function candidateSubjects(ctx: Context, { of, shape }: SubjectsQuestion): Promise<Candidates> {
  const [namespace, , relation] = of
  const graph = await readRewriteGraph(ctx, [namespace, relation])
  const found = graph.isUnbounded ? undefined : await forwardExpand(ctx, graph, of)
  return found ? (names) => subjectsOf(ctx, found, shape, names) : (names) => subjectNames(ctx, shape, names)
}

/** The first names of the subjects in the tuples of some relations. */
async function subjectsOf(
  ctx: Context,
  relations: readonly ObjectRelation[],
  shape: NamespaceRelation,
  page: NamePage,
): Promise<readonly string[]> {
  const names: string[] = []
  for (const slice of slicesOf(ctx, relations)) {
    names.push(...(await subjectsWith(ctx, slice, shape, page)))
    if (isTurnOver(slice.length)) await nextTurn()
  }
  return among(names)({ size: page.size })
}

function subjectNamed([namespace, relation]: NamespaceRelation, name: string): Subject {
  return subjectOf({ subject_namespace: namespace, subject_object: name, subject_relation: relation })
}
