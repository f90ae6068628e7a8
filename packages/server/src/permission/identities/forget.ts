import type { Context } from '../../kernel/context.ts'
import { removeMeant } from '../tuples/change.ts'

/**
 * Where the configuration wants it, deletes what relationships say of an identity that is being deleted: those that it
 * is the subject of, and those from and to the objects that stand for it. Belongs into the transaction that deletes it.
 */
export async function forgetIdentity(ctx: Context, id: string): Promise<void> {
  const { delete_relationships: wanted, namespaces } = ctx.config.permission.identities
  if (!wanted) return
  await removeMeant(ctx, [
    { subject_namespace: '', subject_object: id, subject_relation: '' },
    ...namespaces.flatMap((namespace) => [
      { namespace, object: id },
      { subject_namespace: namespace, subject_object: id },
    ]),
  ])
}
