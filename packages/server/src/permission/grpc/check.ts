import { CheckService } from '../../generated/ory/keto/relation_tuples/v1alpha2/check_service_pb.ts'
import { implement, wellFormed } from '../../kernel/grpc/index.ts'
import { snapshotToken } from '../changes/token.ts'
import { batchCheck } from '../check/batch.ts'
import { check } from '../check/check.ts'
import { requireNamespaces } from '../tuples/change.ts'
import { requireSubject } from '../tuples/parse.ts'
import { consistencyOf, openTuple } from './tuples.ts'

/** Unlike over HTTP, a namespace that is not in the model is an error here, as with Keto. */
export const checkService = implement(CheckService, {
  async check(ctx, request) {
    const tuple = requireSubject(openTuple(request.tuple ?? request))
    requireNamespaces(ctx, tuple)
    const options = { maxDepth: request.maxDepth, consistency: consistencyOf(ctx, request) }
    const { allowed, revision } = await check(ctx, tuple, options)
    return { allowed, snaptoken: snapshotToken(ctx, revision) }
  },
  async batchCheck(ctx, request) {
    const options = { maxDepth: request.maxDepth, consistency: consistencyOf(ctx, request) }
    const answers = await batchCheck(ctx, request.tuples.map(openTuple), options)
    const results = answers.map(({ allowed, revision, error = '' }) => {
      return { allowed, error: wellFormed(error), snaptoken: snapshotToken(ctx, revision) }
    })
    return { results }
  },
})
