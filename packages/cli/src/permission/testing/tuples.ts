import { type CompiledModel, ModelTestError, type RelationTuple, type TestTuple } from '@latchkey/server'
import { UsageError } from '../../exit.ts'
import { readTuple } from '../notation.ts'
import { isAbsent, type Value, type YamlSource } from './source.ts'

/** Tuples, each in the notation or as the API has them (so that what `permission list` prints can be put in). */
export function readTuples(source: YamlSource, value: Value, model: CompiledModel): RelationTuple[] {
  return source.items(value, 'tuples').flatMap((item) => {
    const open = source.isText(item) ? readText(source, item) : readObject(source, item)
    return (open && placed(source, item, () => model.tuple(open))) ?? []
  })
}

/** What is asked, in the notation NAMESPACE:OBJECT#RELATION@SUBJECT. */
export function readQuestion(
  source: YamlSource,
  value: Value,
  model: CompiledModel,
): { text: string; tuple: RelationTuple } | undefined {
  const text = source.string(value, 'A question')
  const tuple = text === undefined ? undefined : placed(source, value, () => model.tuple(readTuple(text)))
  return text === undefined || !tuple ? undefined : { text, tuple }
}

function readText(source: YamlSource, value: Value): TestTuple | undefined {
  const text = source.string(value, 'A tuple')
  return text === undefined ? undefined : placed(source, value, () => readTuple(text))
}

const setNames = ['namespace', 'object', 'relation'] as const

/** A tuple as the API has it, or in the notation as `tuple`, with a condition or without. */
function readObject(source: YamlSource, value: Value): TestTuple | undefined {
  const before = source.mistakes.length
  const members = source.members(value, 'A tuple', ['tuple', ...setNames, 'subject_id', 'subject_set', 'condition'])
  if (!members) return undefined
  const { tuple: notation, condition, ...others } = members
  const [other] = notation ? Object.values(others) : []
  if (other) source.refuse(other, 'A tuple in the notation has nothing beside it but a condition.')
  const open = {
    ...(notation ? readText(source, notation) : readMembers(source, others)),
    ...(isAbsent(condition) ? {} : { condition: readCondition(source, condition) }),
  }
  return source.mistakes.length === before ? open : undefined
}

type Members = Partial<Record<(typeof setNames)[number] | 'subject_id' | 'subject_set', Value>>

function readMembers(source: YamlSource, { subject_id: id, subject_set: set, ...names }: Members): TestTuple {
  return {
    ...texts(source, names),
    ...(isAbsent(id) ? {} : texts(source, { subject_id: id })),
    ...(isAbsent(set) ? {} : { subject_set: texts(source, source.members(set, 'A subject_set', setNames) ?? {}) }),
  }
}

/** A condition as the API has it; one without values of its own may be its expression alone. */
function readCondition(source: YamlSource, value: Value): unknown {
  return source.isText(value) ? { expression: source.string(value, 'A condition') } : source.json(value, 'A condition')
}

function texts(source: YamlSource, members: Record<string, Value>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => {
      const text = source.string(value, `The ${name} of a tuple`)
      return text === undefined ? [] : [[name, text]]
    }),
  )
}

/** What cannot be tried is told at its place. */
export function placed<T>(source: YamlSource, value: Value, read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ModelTestError || error instanceof UsageError)) throw error
    return source.refuse(value, error.message)
  }
}
