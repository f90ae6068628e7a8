import { ApiError } from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import type { Namespace, Relation } from './opl/model.ts'

const byModel = new WeakMap<readonly Namespace[], Map<string, Map<string, Relation>>>()

/** Relations by namespace and name; of two relations with one name the first counts, as in the validation of models. */
function index(ctx: Context): Map<string, Map<string, Relation>> {
  const { namespaces } = ctx.config.permission
  const known = byModel.get(namespaces)
  if (known) return known
  const made = new Map(
    namespaces.map(({ name, relations }) => [name, new Map(relations.toReversed().map((one) => [one.name, one]))]),
  )
  byModel.set(namespaces, made)
  return made
}

export function isNamespace(ctx: Context, name: string): boolean {
  return index(ctx).has(name)
}

/** @throws ApiError 404 where the model has no such namespace. */
export function requireNamespace(ctx: Context, name: string): void {
  if (!isNamespace(ctx, name)) throw ApiError.notFound({ reason: `There is no namespace "${name.slice(0, 100)}".` })
}

/**
 * How a relation is declared. Undefined for one without rules of its own: the empty relation, one of a namespace that
 * declares none, or of one that is not in the model.
 * @throws ApiError 400 where the namespace declares relations, but not this one.
 */
export function relationOf(ctx: Context, namespace: string, relation: string): Relation | undefined {
  if (relation === '') return undefined
  const relations = index(ctx).get(namespace)
  if (!relations || relations.size === 0) return undefined
  const found = relations.get(relation)
  if (!found) {
    const reason = `The namespace "${namespace.slice(0, 100)}" declares no relation "${relation.slice(0, 100)}".`
    throw ApiError.badRequest({ reason })
  }
  return found
}
