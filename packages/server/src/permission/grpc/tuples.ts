import type { Relationship } from '@latchkey/api'
import type {
  Subject as SubjectMessage,
  RelationTuple as TupleMessage,
} from '../../generated/ory/keto/relation_tuples/v1alpha2/relation_tuples_pb.ts'
import type { Context } from '../../kernel/context.ts'
import { revisionOf } from '../changes/token.ts'
import type { Consistency } from '../check/consistency.ts'
import type { OpenTuple } from '../tuples/parse.ts'
import type { RelationTuple, Subject } from '../tuples/subject.ts'

/** The placeholder that Keto sends instead of a snapshot token, which clients may send back. */
const ketosToken = 'not yet implemented'

/** The consistency that a request asks for; without a token, or with Keto's, full consistency. */
export function consistencyOf(
  ctx: Context,
  { latest = false, snaptoken = '' }: { latest?: boolean; snaptoken?: string },
): Consistency {
  return latest || snaptoken === '' || snaptoken === ketosToken ? 'full' : { revision: revisionOf(ctx, snaptoken) }
}

/** A tuple of a message; without a subject if the message has none. */
export function openTuple({ namespace, object, relation, subject }: Omit<TupleMessage, '$typeName'>): OpenTuple {
  return { namespace, object, relation, ...subjectFrom(subject) }
}

export function subjectFrom(subject: SubjectMessage | undefined): Subject | undefined {
  const ref = subject?.ref
  if (ref?.case === 'id') return { subject_id: ref.value }
  if (ref?.case !== 'set') return undefined
  const { namespace, object, relation } = ref.value
  return { subject_set: { namespace, object, relation } }
}

export function tupleMessage({ namespace, object, relation, ...subject }: RelationTuple) {
  return { namespace, object, relation, subject: subjectAs(subject) }
}

export function subjectAs({ subject_id, subject_set }: Pick<Partial<Relationship>, 'subject_id' | 'subject_set'>) {
  if (subject_set) return { ref: { case: 'set' as const, value: subject_set } }
  return { ref: { case: 'id' as const, value: subject_id ?? '' } }
}
