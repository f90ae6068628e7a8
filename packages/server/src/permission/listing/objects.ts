import type { PermissionObjects } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { CheckOptions } from '../check/check.ts'
import { type Subject, subjectColumns } from '../tuples/subject.ts'
import { among, type Candidates, fillPage } from './page.ts'
import { type AskedPage, pageAfter, tokenAfter } from './paging.ts'
import { reverseExpand } from './reverse-expand.ts'
import { readRewriteGraph } from './rewrite-graph.ts'
import { objectNames } from './store.ts'

/** To which objects of a namespace a subject has a relation. */
export interface ObjectsQuestion {
  readonly namespace: string
  readonly relation: string
  readonly subject: Subject
  /** Those of the check of each candidate. */
  readonly options: CheckOptions
}

/**
 * Every object of the namespace that occurs in a tuple and that a check allows, once, ordered by the bytes of the
 * names, page by page.
 */
export async function listObjects(ctx: Context, asked: ObjectsQuestion, page: AskedPage): Promise<PermissionObjects> {
  const { namespace, relation, subject, options } = asked
  const tuple = (object: string) => ({ namespace, object, relation, ...subject })
  const wanted = pageAfter(ctx, 'permission-objects', page)
  const candidates = await candidateObjects(ctx, asked)
  const { names, last } = await fillPage(ctx, wanted, { candidates, check: { tuple, options } })
  return { objects: names, next_page_token: tokenAfter(ctx, 'permission-objects', last) }
}

async function candidateObjects(ctx: Context, { namespace, relation, subject }: ObjectsQuestion): Promise<Candidates> {
  const graph = await readRewriteGraph(ctx, [namespace, relation])
  const from = { asked: [namespace, relation] as const, subject: subjectColumns(subject) }
  const found = graph.isUnbounded ? undefined : await reverseExpand(ctx, graph, from)
  return found ? among(found) : (names) => objectNames(ctx, namespace, names)
}
