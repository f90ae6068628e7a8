import {
  deprecated,
  flag,
  implement,
  inner,
  int32,
  method,
  ProtoFile,
  repeated,
  text,
  wellFormed,
} from '../../kernel/grpc/index.ts'
import { snapshotToken } from '../changes/token.ts'
import { batchCheck } from '../check/batch.ts'
import { check } from '../check/check.ts'
import { requireNamespaces } from '../tuples/change.ts'
import { requireSubject } from '../tuples/read.ts'
import { consistencyOf, folder, openTuple, relationTuple, subjectMessage } from './tuples.ts'

const file = new ProtoFile(`${folder}/check_service.proto`)
const checkRequest = file.message('CheckRequest', {
  namespace: deprecated(text(1)),
  object: deprecated(text(2)),
  relation: deprecated(text(3)),
  subject: deprecated(inner(4, subjectMessage)),
  tuple: inner(8, relationTuple),
  latest: flag(5),
  snaptoken: text(6),
  max_depth: int32(7),
})
const checkResponse = file.message('CheckResponse', { allowed: flag(1), snaptoken: text(2) })
const batchRequest = file.message('BatchCheckRequest', {
  tuples: repeated(inner(1, relationTuple)),
  latest: flag(2),
  snaptoken: text(3),
  max_depth: int32(4),
})
const responseWithError = file.message('CheckResponseWithError', {
  allowed: flag(1),
  error: text(2),
  snaptoken: text(3),
})
const batchResponse = file.message('BatchCheckResponse', { results: repeated(inner(1, responseWithError)) })

const service = file.service('CheckService', {
  Check: method(checkRequest, checkResponse),
  BatchCheck: method(batchRequest, batchResponse),
})

/** Unlike over HTTP, a namespace that is not in the model is a fault here, as with Keto. */
export const checkService = implement(service, {
  async Check(ctx, request) {
    const tuple = requireSubject(openTuple(request.tuple ?? request))
    requireNamespaces(ctx, tuple)
    const options = { maxDepth: request.maxDepth, consistency: consistencyOf(ctx, request) }
    const { allowed, revision } = await check(ctx, tuple, options)
    return { allowed, snaptoken: snapshotToken(ctx, revision) }
  },
  async BatchCheck(ctx, request) {
    const options = { maxDepth: request.maxDepth, consistency: consistencyOf(ctx, request) }
    const answers = await batchCheck(ctx, request.tuples.map(openTuple), options)
    const results = answers.map(({ allowed, revision, error = '' }) => {
      return { allowed, error: wellFormed(error), snaptoken: snapshotToken(ctx, revision) }
    })
    return { results }
  },
})
