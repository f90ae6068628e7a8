import type { MessageInitShape } from '@bufbuild/protobuf'
import { ApiError, type ExpandedPermissionTree } from '@latchkey/api'
import {
  ExpandService,
  NodeType,
  type SubjectTreeSchema,
} from '../../generated/ory/keto/relation_tuples/v1alpha2/expand_service_pb.ts'
import { implement } from '../../kernel/grpc/index.ts'
import { expand } from '../expand/expand.ts'
import { subjectAs, subjectFrom } from './tuples.ts'

export const expandService = implement(ExpandService, {
  async expand(ctx, { subject, maxDepth }) {
    const of = subjectFrom(subject)
    if (!of) throw ApiError.badRequest({ reason: 'The request needs a subject to expand.' })
    // Keto expands an id to itself, and sets only the deprecated field.
    if (!of.subject_set) return { tree: { nodeType: NodeType.LEAF, subject: subjectAs(of) } }
    const { namespace, object, relation } = of.subject_set
    const tree = await expand(ctx, [namespace, object, relation], maxDepth)
    return tree ? { tree: treeMessage(tree) } : {}
  },
})

const nodeTypes: Partial<Record<ExpandedPermissionTree['type'], NodeType>> = {
  union: NodeType.UNION,
  exclusion: NodeType.EXCLUSION,
  intersection: NodeType.INTERSECTION,
  leaf: NodeType.LEAF,
}

function treeMessage({
  type,
  tuple,
  children = [],
}: ExpandedPermissionTree): MessageInitShape<typeof SubjectTreeSchema> {
  const node = { nodeType: nodeTypes[type] ?? NodeType.UNSPECIFIED, children: children.map(treeMessage) }
  // An operator within a rule is about no subject.
  if (!tuple) return node
  const { namespace, object, relation } = tuple
  const subject = subjectAs(tuple)
  return { ...node, subject, tuple: { namespace, object, relation, subject } }
}
