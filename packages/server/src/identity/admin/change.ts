import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { parseId } from '../id.ts'
import type { Identity } from '../record.ts'
import { changeIdentity } from '../save.ts'
import { answeringConflicts } from './conflict.ts'

/** An identity before and after a change. */
export interface Changed {
  readonly before: Identity
  readonly after: Identity
}

/** Changes an identity. Throws 404 if there is none, and 409 on a uniqueness conflict. */
export async function changeById(
  ctx: Context,
  idText: string,
  change: (identity: Identity) => Identity,
): Promise<Changed> {
  const id = parseId(idText)
  if (!id) throw ApiError.notFound()
  let before: Identity | undefined
  const after = await answeringConflicts(() =>
    changeIdentity(ctx, id, (identity) => {
      before = identity
      return change(identity)
    }),
  )
  if (!before || !after) throw ApiError.notFound()
  return { before, after }
}
