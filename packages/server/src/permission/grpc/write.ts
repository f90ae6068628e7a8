import { ApiError } from '@latchkey/api'
import {
  deprecated,
  type Implementation,
  implement,
  inner,
  method,
  oneOfEnum,
  ProtoFile,
  repeated,
  text,
} from '../../kernel/grpc/index.ts'
import { snapshotToken } from '../changes/token.ts'
import { changeTuples, removeTuples } from '../tuples/change.ts'
import { changesFrom } from '../tuples/patch.ts'
import { filterOf } from './query.ts'
import { folder, openTuple, relationQuery, relationTuple, subjectMessage } from './tuples.ts'

const file = new ProtoFile(`${folder}/write_service.proto`)
const action = file.enumeration('RelationTupleDelta.Action', ['ACTION_UNSPECIFIED', 'ACTION_INSERT', 'ACTION_DELETE'])
const delta = file.message('RelationTupleDelta', {
  action: oneOfEnum(1, action),
  relation_tuple: inner(2, relationTuple),
})
const transactRequest = file.message('TransactRelationTuplesRequest', {
  relation_tuple_deltas: repeated(inner(1, delta)),
})
const transactResponse = file.message('TransactRelationTuplesResponse', { snaptokens: repeated(text(1)) })
const query = file.message('DeleteRelationTuplesRequest.Query', {
  namespace: text(1),
  object: text(2),
  relation: text(3),
  subject: inner(4, subjectMessage),
})
const deleteRequest = file.message('DeleteRelationTuplesRequest', {
  query: deprecated(inner(1, query)),
  relation_query: inner(2, relationQuery),
})
const deleteResponse = file.message('DeleteRelationTuplesResponse', {})

const service = file.service('WriteService', {
  TransactRelationTuples: method(transactRequest, transactResponse),
  DeleteRelationTuples: method(deleteRequest, deleteResponse),
})

/** For Keto's own listener: a query that names nothing deletes all tuples, as there. */
export const writeService = writing({ mayDeleteAll: true })
/**
 * For the one origin of projects: a query that names nothing is refused. Over HTTP it is refused everywhere; it is more
 * often a field forgotten than a wish to empty the project.
 */
export const guardedWriteService = writing({ mayDeleteAll: false })

const actions: Record<number, 'insert' | 'delete'> = { 1: 'insert', 2: 'delete' }

function writing({ mayDeleteAll }: { mayDeleteAll: boolean }): Implementation {
  return implement(service, {
    /** Changes that neither insert nor delete are left out, as with Keto. */
    async TransactRelationTuples(ctx, { relationTupleDeltas }) {
      const changes = changesFrom(
        relationTupleDeltas.flatMap(({ action, relationTuple: tuple }) => {
          const known = actions[action]
          return known ? [{ action: known, relation_tuple: tuple ? openTuple(tuple) : {} }] : []
        }),
      )
      const token = snapshotToken(ctx, await changeTuples(ctx, changes))
      return { snaptokens: changes.filter(({ action }) => action === 'insert').map(() => token) }
    },
    /** Unlike over HTTP, a query may leave out the namespace, as with Keto: then it means tuples of every one. */
    async DeleteRelationTuples(ctx, asked) {
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
