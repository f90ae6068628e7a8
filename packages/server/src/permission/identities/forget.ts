import type { Context } from '../../kernel/context.ts'
import { removeMatching } from '../tuples/change.ts'

/**
 * If configured, deletes the relationships of an identity that is being deleted: those of which it is the
 * subject, and those from and to the objects that represent it. Runs in the transaction that deletes the identity.
 */
export async function forgetIdentity(ctx: Context, id: string): Promise<void> {
  const { delete_relationships: wanted, namespaces } = ctx.config.permission.identities
  if (!wanted) return
  await removeMatching(ctx, [
    { subject_namespace: '', subject_object: id, subject_relation: '' },
    ...namespaces.flatMap((namespace) => [
      { namespace, object: id },
      { subject_namespace: namespace, subject_object: id },
    ]),
  ])
}
