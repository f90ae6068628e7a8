import { ApiError } from '@latchkey/api'
import {
  RelationTupleDelta_Action as Action,
  WriteService,
} from '../../generated/ory/keto/relation_tuples/v1alpha2/write_service_pb.ts'
import { type Implementation, implement } from '../../kernel/grpc/index.ts'
import { snapshotToken } from '../changes/token.ts'
import { changeTuples, removeTuples } from '../tuples/change.ts'
import { changesFrom } from '../tuples/patch.ts'
import { filterOf } from './query.ts'
import { openTuple } from './tuples.ts'

/** For Keto's own listener: an empty query deletes all tuples, as with Keto. */
export const writeService = writeImplementation({ mayDeleteAll: true })
/**
 * For the one origin of projects: an empty query is refused, as it is over HTTP everywhere; it is more often a forgotten
 * field than a wish to delete all tuples.
 */
export const guardedWriteService = writeImplementation({ mayDeleteAll: false })

const actions: Partial<Record<Action, 'insert' | 'delete'>> = { [Action.INSERT]: 'insert', [Action.DELETE]: 'delete' }

function writeImplementation({ mayDeleteAll }: { mayDeleteAll: boolean }): Implementation {
  return implement(WriteService, {
    /** Changes that neither insert nor delete are skipped, as with Keto. */
    async transactRelationTuples(ctx, { relationTupleDeltas }) {
      const changes = await changesFrom(
        relationTupleDeltas.flatMap(({ action, relationTuple: tuple }) => {
          const known = actions[action]
          return known ? [{ action: known, relation_tuple: tuple ? openTuple(tuple) : {} }] : []
        }),
      )
      const token = snapshotToken(ctx, await changeTuples(ctx, changes))
      return { snaptokens: changes.filter(({ action }) => action === 'insert').map(() => token) }
    },
    /** Unlike over HTTP, a query may omit the namespace, as with Keto: then it matches all namespaces. */
    async deleteRelationTuples(ctx, asked) {
      const filter = filterOf(asked)
      if (!filter) throw ApiError.badRequest({ reason: 'The request needs a query; nothing was deleted.' })
      if (!mayDeleteAll && Object.keys(filter).length === 0) {
        throw ApiError.badRequest({ reason: 'The query names nothing, which would mean all; nothing was deleted.' })
      }
      await removeTuples(ctx, filter)
      return {}
    },
  })
}
