import type { Context } from '../../kernel/context.ts'
import { isNamespace, relationOf } from '../namespaces.ts'
import { type RelationTuple, subjectColumns } from '../tuples/subject.ts'
import { Search } from './search.ts'

/**
 * Whether the subject of a tuple has the relation to the object, by a tuple of its own, through subject sets, or as
 * the model says. What a limit kept from being found out is not allowed.
 * @throws ApiError 400 where the model does not declare a relation that the answer rests on.
 */
export async function check(ctx: Context, tuple: RelationTuple, maxDepth: number): Promise<boolean> {
  const { namespace, object, relation, subject_set: set } = tuple
  if (!isNamespace(ctx, namespace) || (set && !isNamespace(ctx, set.namespace))) return false
  relationOf(ctx, namespace, relation)
  const search = new Search(ctx, subjectColumns(tuple))
  const { truth } = await search.run([namespace, object, relation], depthOf(ctx, maxDepth))
  if (truth !== 'yes' && search.fault) throw search.fault
  return truth === 'yes'
}

/** A request may ask for less depth than the configuration allows, but not for more. */
export function depthOf(ctx: Context, asked: number): number {
  const { max_read_depth: most } = ctx.config.permission.limit
  return asked > 0 ? Math.min(asked, most) : most
}
