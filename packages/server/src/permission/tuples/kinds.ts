import type { Context } from '../../kernel/context.ts'
import type { RelationTupleKindRow, RelationTupleRow } from '../tables.ts'
import { nameOf } from './name.ts'
import { insertKinds } from './store.ts'

/** By project, the kinds that are surely noted: they are never taken back. */
const noted = new WeakMap<object, Set<string>>()

/** Notes what kinds of tuples are written; belongs into the transaction that writes them. */
export async function noteKinds(ctx: Context, rows: readonly RelationTupleRow[]): Promise<void> {
  const known = noted.get(ctx.project) ?? new Set()
  noted.set(ctx.project, known)
  const found = new Map<string, RelationTupleKindRow>()
  for (const { namespace, relation, subject_namespace, subject_relation, condition } of rows) {
    const conditional = condition === '' ? 0 : 1
    const name = nameOf([namespace, relation, subject_namespace, subject_relation, String(conditional)])
    if (!known.has(name)) found.set(name, { namespace, relation, subject_namespace, subject_relation, conditional })
  }
  await insertKinds(ctx, [...found.values()])
  ctx.afterCommit(() => {
    for (const name of found.keys()) known.add(name)
  })
}
