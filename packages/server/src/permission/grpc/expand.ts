import { ApiError, type ExpandedPermissionTree } from '@latchkey/api'
import {
  deprecated,
  type Init,
  implement,
  inner,
  int32,
  type Message,
  method,
  oneOfEnum,
  ProtoFile,
  repeated,
  text,
} from '../../kernel/grpc/index.ts'
import { expand } from '../expand/expand.ts'
import {
  folder,
  relationTuple,
  type SubjectMessage,
  subjectAs,
  subjectFrom,
  subjectMessage,
  type TupleMessage,
} from './tuples.ts'

interface Tree {
  nodeType: number
  subject: SubjectMessage | undefined
  tuple: TupleMessage | undefined
  children: Tree[]
}

const file = new ProtoFile(`${folder}/expand_service.proto`)
const request = file.message('ExpandRequest', {
  subject: inner(1, subjectMessage),
  max_depth: int32(2),
  snaptoken: text(3),
})
const nodeTypes = ['unspecified', 'union', 'exclusion', 'intersection', 'leaf']
const nodeType = file.enumeration(
  'NodeType',
  nodeTypes.map((type) => `NODE_TYPE_${type.toUpperCase()}`),
)
const subjectTree: Message<Tree> = file.message('SubjectTree', {
  node_type: oneOfEnum(1, nodeType),
  subject: deprecated(inner(2, subjectMessage)),
  tuple: inner(4, relationTuple),
  children: repeated(inner(3, (): Message<Tree> => subjectTree)),
})
const response = file.message('ExpandResponse', { tree: inner(1, subjectTree) })

const service = file.service('ExpandService', { Expand: method(request, response) })

export const expandService = implement(service, {
  async Expand(ctx, { subject, maxDepth }) {
    const of = subjectFrom(subject)
    if (!of) throw ApiError.badRequest({ reason: 'The request needs a subject to expand.' })
    // Of an id Keto says that it is itself, by the older field alone.
    if (!of.subject_set) return { tree: { nodeType: nodeTypes.indexOf('leaf'), subject: subjectAs(of) } }
    const { namespace, object, relation } = of.subject_set
    const tree = await expand(ctx, [namespace, object, relation], maxDepth)
    return tree ? { tree: treeMessage(tree) } : {}
  },
})

function treeMessage({ type, tuple, children = [] }: ExpandedPermissionTree): Init<Tree> {
  const subject = subjectAs(tuple ?? {})
  return {
    nodeType: Math.max(0, nodeTypes.indexOf(type)),
    subject,
    tuple: { namespace: tuple?.namespace, object: tuple?.object, relation: tuple?.relation, subject },
    children: children.map(treeMessage),
  }
}
