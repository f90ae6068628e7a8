import type { ExplainedPermission } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type CheckOptions, requireQuestion, resolveQuestions } from '../check/check.ts'
import type { CheckQuestion, CheckResolution } from '../check/resolution.ts'
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
  const { namespace, subject_set: set } = tuple
  requireNamespace(ctx, namespace)
  if (set) requireNamespace(ctx, set.namespace)
  // One question, so that both resolutions evaluate conditions once, at the same time and within one budget.
  const question = requireQuestion(ctx, tuple, options)
  const { consistency } = options
  const exhaustive = await resolveOne(ctx, question, { consistency, isExhaustive: true })
  const explanation = await new Explainer(ctx, { tuple, question, resolution: exhaustive }).tree()
  if (exhaustive.truth === 'yes') return { allowed: true, explanation, revision: exhaustive.revision }
  // Beyond a limit a check may still find its answer in the closure of the subject, of which there is nothing to draw.
  const usual = await resolveOne(ctx, question, { consistency })
  return { allowed: usual.truth === 'yes', explanation, revision: Math.min(exhaustive.revision, usual.revision) }
}

async function resolveOne(
  ctx: Context,
  question: CheckQuestion,
  options: Parameters<typeof resolveQuestions>[2],
): Promise<CheckResolution> {
  const [resolution] = await resolveQuestions(ctx, [question], options)
  if (!resolution) throw new Error('a check was not resolved')
  return resolution
}
