import { ApiError } from '@latchkey/api'
import { ReadService } from '../../generated/ory/keto/relation_tuples/v1alpha2/read_service_pb.ts'
import { implement } from '../../kernel/grpc/index.ts'
import { listTuplePage } from '../tuples/list.ts'
import { filterOf } from './query.ts'
import { tupleMessage } from './tuples.ts'

export const readService = implement(ReadService, {
  async listRelationTuples(ctx, asked) {
    const filter = filterOf(asked)
    if (!filter) throw ApiError.badRequest({ reason: 'The request needs a query.' })
    const page = await listTuplePage(ctx, filter, { size: asked.pageSize, token: asked.pageToken })
    return { relationTuples: page.tuples.map(tupleMessage), nextPageToken: page.nextToken }
  },
})
