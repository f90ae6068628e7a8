import type { Subject as SubjectMessage } from '../../generated/ory/keto/relation_tuples/v1alpha2/relation_tuples_pb.ts'
import { filterWith } from '../tuples/parse.ts'
import type { TupleFilter } from '../tuples/store.ts'
import { subjectFrom } from './tuples.ts'

/** A query in both its forms. The older one cannot distinguish empty from absent names, so empty counts as absent. */
export interface Queries {
  relationQuery?: Names
  query?: Names
}

interface Names {
  namespace?: string | undefined
  object?: string | undefined
  relation?: string | undefined
  subject?: SubjectMessage | undefined
}

/** The filter of a request; undefined where it has none. */
export function filterOf({ relationQuery, query }: Queries): TupleFilter | undefined {
  if (relationQuery) return filterWith(relationQuery, subjectFrom(relationQuery.subject))
  if (!query) return undefined
  const given = Object.entries(query).filter(([, value]) => value !== '')
  return filterWith(Object.fromEntries(given), subjectFrom(query.subject))
}
