import type { Context } from '../../kernel/context.ts'
import type { RelationTupleRow, RelationTupleShapeRow } from '../tables.ts'
import { nameOf } from './name.ts'
import { insertShapes } from './store.ts'

/** The shapes known to be stored, by project. They are never deleted. */
const recorded = new WeakMap<object, Set<string>>()

/** Records the shapes of tuples in the transaction that writes them. */
export async function recordShapes(ctx: Context, rows: readonly RelationTupleRow[]): Promise<void> {
  const ofProject = recorded.get(ctx.project) ?? new Set()
  recorded.set(ctx.project, ofProject)
  const found = new Map<string, RelationTupleShapeRow>()
  for (const { namespace, relation, subject_namespace, subject_relation, condition } of rows) {
    const conditional = condition === '' ? 0 : 1
    const name = nameOf([namespace, relation, subject_namespace, subject_relation, String(conditional)])
    if (!ofProject.has(name)) found.set(name, { namespace, relation, subject_namespace, subject_relation, conditional })
  }
  await insertShapes(ctx, [...found.values()])
  ctx.afterCommit(() => {
    for (const name of found.keys()) ofProject.add(name)
  })
}
