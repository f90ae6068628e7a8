import { toUSVString } from 'node:util'
import { ApiError } from '@latchkey/api'
import type { ObjectRelation } from '../check/store.ts'
import { openCondition, parseCondition } from '../conditions/index.ts'
import type { TupleFilter } from './store.ts'
import { type RelationTuple, type Subject, subjectColumns } from './subject.ts'

/** A tuple as sent in a request. Missing names count as empty, but a missing subject is an error. */
export interface OpenTuple {
  namespace?: string
  object?: string
  relation?: string
  subject_id?: string
  subject_set?: { namespace?: string; object?: string; relation?: string }
}

/** The maximum length of the name of an object, a relation or a subject. */
const maxNameLength = 2048
/** The maximum size of all names of a tuple: they form an index key, whose size PostgreSQL limits. */
const maxTupleBytes = 2500

/** A tuple to be written, with its condition. */
export function requireTuple(open: OpenTuple & { condition?: unknown }): RelationTuple {
  const tuple = requireSubject(open)
  const condition = parseCondition(open.condition)
  return condition ? { ...tuple, condition: openCondition(condition.text) } : tuple
}

/** A complete tuple; if the subject is given in both forms, the id wins, as in Keto. */
export function requireSubject(open: OpenTuple): RelationTuple {
  const { subject_id: id, subject_set: set } = open
  const of = objectRelation(open)
  const ofSet = set && objectRelation(set)
  if (id !== undefined) return requireSize({ ...of, subject_id: storable(id) })
  if (!ofSet) throw ApiError.badRequest({ message: 'The relationship needs a subject_id or a subject_set.' })
  return requireSize({ ...of, subject_set: ofSet })
}

function requireSize(tuple: RelationTuple): RelationTuple {
  const { namespace, object, relation, subject_id: id, subject_set: set } = tuple
  const subject = set ? set.namespace + set.object + set.relation : id
  if (Buffer.byteLength(namespace + object + relation + subject) <= maxTupleBytes) return tuple
  throw ApiError.badRequest({
    message: `The names of a relationship are together at most ${maxTupleBytes} bytes long.`,
  })
}

function objectRelation({ namespace = '', object = '', relation = '' }: Omit<OpenTuple, 'subject_id'>) {
  return { namespace: storable(namespace), object: storable(object), relation: storable(relation) }
}

/**
 * A name as databases store it: a lone surrogate becomes the replacement character, as in Go.
 * @throws ApiError 400 for a name that no tuple can have.
 */
export function storable(name: string): string {
  if (name.length > maxNameLength)
    throw ApiError.badRequest({ message: `A name is at most ${maxNameLength} characters long.` })
  // PostgreSQL cannot store NUL in text columns.
  if (name.includes('\0')) throw ApiError.badRequest({ message: 'A name must not hold the character NUL.' })
  return toUSVString(name)
}

const setNames = ['subject_set.namespace', 'subject_set.object', 'subject_set.relation'] as const
export const tupleNames = ['namespace', 'object', 'relation', 'subject_id', ...setNames] as const

/** The filter in the parameters of a query. An empty parameter is an empty name. */
export function filterFrom(search: URLSearchParams): TupleFilter {
  const name = (of: string) => search.get(of) ?? undefined
  const names = { namespace: name('namespace'), object: name('object'), relation: name('relation') }
  return filterWith(names, subjectFrom(search))
}

type Names = { [K in 'namespace' | 'object' | 'relation']?: string | undefined }

/** A filter by names and a subject; absent ones match anything. */
export function filterWith(names: Names, subject: Subject | undefined): TupleFilter {
  const filter: TupleFilter = {}
  for (const name of ['namespace', 'object', 'relation'] as const) {
    const value = names[name]
    if (value !== undefined) filter[name] = storable(value)
  }
  if (!subject) return filter
  if (subject.subject_set?.namespace === '') throw ApiError.notFound({ reason: 'There is no namespace "".' })
  const columns = subjectColumns(subject)
  for (const name of Object.keys(columns) as (keyof typeof columns)[]) filter[name] = storable(columns[name])
  return filter
}

/** The complete tuple in the parameters of a query. */
export function tupleFrom(search: URLSearchParams): RelationTuple {
  const missing = ['namespace', 'object', 'relation'].find((name) => !search.has(name))
  if (missing) throw ApiError.badRequest({ message: `The parameter ${missing} is missing.` })
  const subject = subjectFrom(search)
  if (!subject) throw ApiError.badRequest({ message: 'The subject is missing: give subject_id or subject_set.' })
  const name = (of: string) => search.get(of) ?? ''
  return requireSubject({
    namespace: name('namespace'),
    object: name('object'),
    relation: name('relation'),
    ...subject,
  })
}

function subjectFrom(search: URLSearchParams): Subject | undefined {
  if (search.has('subject')) {
    throw ApiError.badRequest({ message: 'The parameter subject is gone: give subject_id or subject_set.' })
  }
  const given = setNames.filter((name) => search.has(name))
  const id = search.get('subject_id')
  if (given.length === 0) return id === null ? undefined : { subject_id: storable(id) }
  if (id !== null) throw ApiError.badRequest({ message: 'Give either subject_id or subject_set, not both.' })
  const absent = setNames.find((name) => !search.has(name))
  if (absent) throw ApiError.badRequest({ message: `The parameter ${absent} is missing.` })
  const [namespace = '', object = '', relation = ''] = setNames.map((name) => storable(search.get(name) ?? ''))
  return { subject_set: { namespace, object, relation } }
}

/** The subject set in the parameters of a query; an absent parameter is an empty name. */
export function setFrom(search: URLSearchParams): ObjectRelation {
  const name = (of: string) => storable(search.get(of) ?? '')
  return [name('namespace'), name('object'), name('relation')]
}

/** Parses `max-depth` as Go parses integers: decimal, or with the prefix 0x, 0o or 0b. Zero if it is absent. */
export function maxDepthFrom(search: URLSearchParams): number {
  const text = search.get('max-depth')
  if (text === null) return 0
  const digits = /^([+-]?)(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[0-9]+)$/.exec(text)
  const value = digits ? Number(digits[2]) * (digits[1] === '-' ? -1 : 1) : Number.NaN
  if (!Number.isSafeInteger(value)) {
    throw ApiError.badRequest({ message: 'The parameter max-depth must be an integer.' })
  }
  return value
}
