import type { PermissionSubjects } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { CheckOptions } from '../check/check.ts'
import type { ObjectRelation } from '../check/store.ts'
import { type Subject, subjectOf } from '../tuples/subject.ts'
import { relationsBelow } from './below.ts'
import { type Kind, readGrounds } from './grounds.ts'
import { type Candidates, fillPage } from './page.ts'
import { type AskedPage, pageAfter, tokenAfter } from './paging.ts'
import { subjectNames, subjectsWith } from './store.ts'

/** Which subjects of a kind have a relation to an object. */
export interface SubjectsQuestion {
  readonly of: ObjectRelation
  /** That of sets, or the empty one, which is that of ids. */
  readonly kind: Kind
  /** As of the check that each candidate is put to. */
  readonly options: CheckOptions
}

/**
 * Every subject of a kind that stands in any tuple and that a check allows, once, in the order of the bytes of the
 * names, page by page. Names are as tuples keep them.
 */
export async function listSubjects(
  ctx: Context,
  asked: SubjectsQuestion,
  page: AskedPage,
): Promise<PermissionSubjects> {
  const [namespace, object, relation] = asked.of
  const tuple = (name: string) => ({ namespace, object, relation, ...subjectNamed(asked.kind, name) })
  const wanted = pageAfter(ctx, 'permission-subjects', page)
  const candidates = await candidateSubjects(ctx, asked)
  const check = { tuple, options: asked.options }
  const { names, last } = await fillPage(ctx, wanted, { candidates, check })
  return {
    subjects: names.map((name) => subjectNamed(asked.kind, name)),
    next_page_token: tokenAfter(ctx, 'permission-subjects', last),
  }
}

async function candidateSubjects(ctx: Context, { of, kind }: SubjectsQuestion): Promise<Candidates> {
  const [namespace, , relation] = of
  const grounds = await readGrounds(ctx, [namespace, relation])
  const found = grounds.open ? undefined : await relationsBelow(ctx, grounds, of)
  return found ? (names) => subjectsWith(ctx, found, kind, names) : (names) => subjectNames(ctx, kind, names)
}

function subjectNamed([namespace, relation]: Kind, name: string): Subject {
  return subjectOf({ subject_namespace: namespace, subject_object: name, subject_relation: relation })
}
