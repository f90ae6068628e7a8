import type { ExplainedPermission } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type CheckOptions, searchFor } from '../check/check.ts'
import { requireNamespace } from '../namespaces.ts'
import type { RelationTuple } from '../tuples/subject.ts'
import { Explainer } from './tree.ts'

/**
 * A check with the reason for its answer: the path that allowed it, or everything that was missing.
 * @throws ApiError 404 where a namespace is not in the model, 400 where it does not declare the relation.
 */
export async function explain(
  ctx: Context,
  tuple: RelationTuple,
  options: CheckOptions,
): Promise<ExplainedPermission & { revision: number }> {
  const { namespace, object, relation, subject_set: set } = tuple
  requireNamespace(ctx, namespace)
  if (set) requireNamespace(ctx, set.namespace)
  const relationOfObject = [namespace, object, relation] as const
  const { root, search } = await searchFor(ctx, relationOfObject, tuple, { ...options, thorough: true })
  const explanation = new Explainer(ctx, search, tuple, options.context).tree(root)
  if (root.truth === 'yes') return { allowed: true, explanation, revision: search.at }
  // Beyond a limit a check may still find the subject from below, where there is nothing to draw.
  const usual = await searchFor(ctx, relationOfObject, tuple, options)
  const revision = Math.min(search.at, usual.search.at)
  return { allowed: usual.root.truth === 'yes', explanation, revision }
}
