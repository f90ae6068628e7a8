import type { CompiledModel, ConditionContext, TestStore } from '@latchkey/server'
import { readQuestion, readSet } from '../notation.ts'
import type { Question } from './read.ts'
import type { Value, YamlSource } from './source.ts'
import { placed } from './tuples.ts'

/**
 * Questions with the whole list that answers each, in any order: `NAMESPACE#RELATION@SUBJECT: [object, …]` for objects,
 * `NAMESPACE:OBJECT#RELATION: [id, …]` for subjects.
 */
export function readLists(
  source: YamlSource,
  value: Value,
  with_: { of: 'objects' | 'subjects'; context: ConditionContext | undefined; tester: CompiledModel },
): Question[] {
  const { of } = with_
  return source.entries(value, of).flatMap(({ key, value: list }) => {
    const what = source.string(key, `A question for ${of}`)
    const read = what === undefined ? undefined : placed(source, key, () => listing(what, with_))
    const names = readNames(source, list ?? key, of)
    if (what === undefined || !read || !names) return []
    const ask = async (store: TestStore) => compared(await read(store), names)
    return [{ ...source.place(key), what: `${of} ${what}`, expected: listed(names), ask }]
  })
}

function listing(
  text: string,
  { of, context, tester }: Parameters<typeof readLists>[2],
): (store: TestStore) => Promise<string[]> {
  if (of === 'objects') {
    const question = tester.objects(readQuestion(text), context)
    return (store) => store.objects(question)
  }
  const question = tester.subjects(readSet(text), context)
  return (store) => store.subjects(question)
}

/** No list of a test is longer: a test has no more tuples. */
const longest = 5000

function readNames(source: YamlSource, value: Value, of: string): ReadonlySet<string> | undefined {
  // An empty list has to be written down: nothing at all may as well have been forgotten.
  if (!source.isList(value)) return source.refuse(value, `The ${of} must be a list; [] is the empty one.`)
  const items = source.items(value, of)
  if (items.length > longest) return source.refuse(value, `A list has at most ${longest} names.`)
  const names = items.map((item) => source.string(item, `A name of the ${of}`))
  return new Set(names.filter((name) => name !== undefined))
}

/** The expected text where the lists have the same names, and otherwise what was found and how it differs. */
function compared(found: readonly string[], expected: ReadonlySet<string>): string {
  const there = new Set(found)
  const missing = [...expected].filter((name) => !there.has(name))
  const surplus = found.filter((name) => !expected.has(name))
  if (missing.length === 0 && surplus.length === 0) return listed(expected)
  const differences = [
    ...(missing.length > 0 ? [`missing: ${listed(missing)}`] : []),
    ...(surplus.length > 0 ? [`not expected: ${listed(surplus)}`] : []),
  ]
  return `${listed(found)} (${differences.join('; ')})`
}

const mostShown = 20

function listed(names: Iterable<string>): string {
  const all = [...names].map(plainly)
  if (all.length === 0) return 'nothing'
  const shown = all.slice(0, mostShown).join(', ')
  return all.length > mostShown ? `${shown} and ${all.length - mostShown} more` : shown
}

/** A name in quotes where it could be taken for something else. */
function plainly(name: string): string {
  return /^[\p{L}\p{N}_./:@#+~-]+$/u.test(name) && name !== 'nothing' ? name : JSON.stringify(name)
}
