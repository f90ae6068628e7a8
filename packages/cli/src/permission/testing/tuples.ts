import { type CompiledModel, ModelTestError, type RelationTuple, type TestTuple } from '@latchkey/server'
import { UsageError } from '../../exit.ts'
import { parseTuple } from '../notation.ts'
import { isAbsent, type Value, type YamlSource } from './source.ts'

/** Parses tuples, each in the notation or in the format of the API, which `permission list --format json` prints. */
export function parseTuples(source: YamlSource, value: Value, model: CompiledModel): RelationTuple[] {
  return source.items(value, 'tuples').flatMap((item) => {
    const open = source.isText(item) ? parseTupleText(source, item) : parseTupleObject(source, item)
    return (open && parseAt(source, item, () => model.tuple(open))) ?? []
  })
}

/** Parses a check in the notation NAMESPACE:OBJECT#RELATION@SUBJECT. */
export function parseCheck(
  source: YamlSource,
  value: Value,
  model: CompiledModel,
): { text: string; tuple: RelationTuple } | undefined {
  const text = source.string(value, 'A question')
  const tuple = text === undefined ? undefined : parseAt(source, value, () => model.tuple(parseTuple(text)))
  return text === undefined || !tuple ? undefined : { text, tuple }
}

function parseTupleText(source: YamlSource, value: Value): TestTuple | undefined {
  const text = source.string(value, 'A tuple')
  return text === undefined ? undefined : parseAt(source, value, () => parseTuple(text))
}

const setNames = ['namespace', 'object', 'relation'] as const

/** Parses a tuple in the format of the API, or in the notation under `tuple`, with an optional condition. */
function parseTupleObject(source: YamlSource, value: Value): TestTuple | undefined {
  const before = source.mistakes.length
  const members = source.members(value, 'A tuple', ['tuple', ...setNames, 'subject_id', 'subject_set', 'condition'])
  if (!members) return undefined
  const { tuple: notation, condition, ...others } = members
  const [other] = notation ? Object.values(others) : []
  if (other) source.refuse(other, 'A tuple in the notation can only be combined with a condition.')
  const open = {
    ...(notation ? parseTupleText(source, notation) : parseTupleMembers(source, others)),
    ...(isAbsent(condition) ? {} : { condition: parseCondition(source, condition) }),
  }
  return source.mistakes.length === before ? open : undefined
}

type Members = Partial<Record<(typeof setNames)[number] | 'subject_id' | 'subject_set', Value>>

function parseTupleMembers(source: YamlSource, { subject_id: id, subject_set: set, ...names }: Members): TestTuple {
  return {
    ...parseStrings(source, names),
    ...(isAbsent(id) ? {} : parseStrings(source, { subject_id: id })),
    ...(isAbsent(set)
      ? {}
      : { subject_set: parseStrings(source, source.members(set, 'A subject_set', setNames) ?? {}) }),
  }
}

/** Parses a condition in the format of the API; a string is the expression of a condition without context. */
function parseCondition(source: YamlSource, value: Value): unknown {
  return source.isText(value) ? { expression: source.string(value, 'A condition') } : source.json(value, 'A condition')
}

function parseStrings(source: YamlSource, members: Record<string, Value>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => {
      const text = source.string(value, `The ${name} of a tuple`)
      return text === undefined ? [] : [[name, text]]
    }),
  )
}

/** Runs a parser and records its error at the location of the value. */
export function parseAt<T>(source: YamlSource, value: Value, read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ModelTestError || error instanceof UsageError)) throw error
    return source.refuse(value, error.message)
  }
}
