import type { RelationshipChanges } from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { tupleOf } from '../tuples/subject.ts'
import type { ChangePage } from './read.ts'
import { placeToken } from './token.ts'

/** A page of changes in the form of the API. */
export function pageView(ctx: Context, { changes, next, more }: ChangePage): RelationshipChanges {
  return {
    changes: changes.map(({ action, tuple, changedAt }) => ({
      action,
      relation_tuple: tupleOf(tuple),
      changed_at: timestamp(changedAt),
    })),
    snaptoken: placeToken(ctx, next),
    has_more: more,
  }
}
