import { ApiError } from '@latchkey/api'
import { deprecated, implement, inner, int32, method, ProtoFile, repeated, text } from '../../kernel/grpc/index.ts'
import { listTuplePage } from '../tuples/list.ts'
import { filterOf } from './query.ts'
import { folder, relationQuery, relationTuple, subjectMessage, tupleMessage } from './tuples.ts'

const maskFile = new ProtoFile('google/protobuf/field_mask.proto')
const fieldMask = maskFile.message('FieldMask', { paths: repeated(text(1)) })

const file = new ProtoFile(`${folder}/read_service.proto`)
const query = file.message('ListRelationTuplesRequest.Query', {
  namespace: text(1),
  object: text(2),
  relation: text(3),
  subject: inner(4, subjectMessage),
})
const request = file.message('ListRelationTuplesRequest', {
  query: deprecated(inner(1, query)),
  relation_query: inner(6, relationQuery),
  expand_mask: inner(2, fieldMask),
  snaptoken: text(3),
  page_size: int32(4),
  page_token: text(5),
})
const response = file.message('ListRelationTuplesResponse', {
  relation_tuples: repeated(inner(1, relationTuple)),
  next_page_token: text(2),
})

const service = file.service('ReadService', { ListRelationTuples: method(request, response) })

export const readService = implement(service, {
  async ListRelationTuples(ctx, asked) {
    const filter = filterOf(asked)
    if (!filter) throw ApiError.badRequest({ reason: 'The request needs a query.' })
    const page = await listTuplePage(ctx, filter, { size: asked.pageSize, token: asked.pageToken })
    return { relationTuples: page.tuples.map(tupleMessage), nextPageToken: page.nextToken }
  },
})
