import type { CompiledModel, ConditionContext, TestStore } from '@latchkey/server'
import { parseListQuery, parseSubjectSet } from '../notation.ts'
import type { Question } from './parse.ts'
import type { Value, YamlSource } from './source.ts'
import { parseAt } from './tuples.ts'

/**
 * List queries and their complete expected results, in any order: `NAMESPACE#RELATION@SUBJECT: [object, …]` for
 * objects, `NAMESPACE:OBJECT#RELATION: [id, …]` for subjects.
 */
export function parseLists(
  source: YamlSource,
  value: Value,
  with_: { of: 'objects' | 'subjects'; context: ConditionContext | undefined; tester: CompiledModel },
): Question[] {
  const { of } = with_
  return source.entries(value, of).flatMap(({ key, value: listNode }) => {
    const what = source.string(key, `A query for ${of}`)
    const list = what === undefined ? undefined : parseAt(source, key, () => parseList(what, with_))
    const names = parseNames(source, listNode ?? key, of)
    if (what === undefined || !list || !names) return []
    const ask = async (store: TestStore) => compareNames(await list(store), names)
    return [{ ...source.place(key), what: `${of} ${what}`, expected: listText(names), ask }]
  })
}

function parseList(
  text: string,
  { of, context, tester }: Parameters<typeof parseLists>[2],
): (store: TestStore) => Promise<string[]> {
  if (of === 'objects') {
    const question = tester.objects(parseListQuery(text), context)
    return (store) => store.objects(question)
  }
  const question = tester.subjects(parseSubjectSet(text), context)
  return (store) => store.subjects(question)
}

/** No list can be longer, because a test has at most 5000 tuples. */
const maxNames = 5000

function parseNames(source: YamlSource, value: Value, of: string): ReadonlySet<string> | undefined {
  // An empty list must be explicit, because a missing value could be an oversight.
  if (!source.isList(value)) return source.refuse(value, `The ${of} must be a list; write [] for an empty list.`)
  const items = source.items(value, of)
  if (items.length > maxNames) return source.refuse(value, `A list has at most ${maxNames} names.`)
  const names = items.map((item) => source.string(item, `A name of the ${of}`))
  return new Set(names.filter((name) => name !== undefined))
}

/** The expected text if the lists have the same names, otherwise the actual names and the differences. */
function compareNames(found: readonly string[], expected: ReadonlySet<string>): string {
  const there = new Set(found)
  const missing = [...expected].filter((name) => !there.has(name))
  const surplus = found.filter((name) => !expected.has(name))
  if (missing.length === 0 && surplus.length === 0) return listText(expected)
  const differences = [
    ...(missing.length > 0 ? [`missing: ${listText(missing)}`] : []),
    ...(surplus.length > 0 ? [`not expected: ${listText(surplus)}`] : []),
  ]
  return `${listText(found)} (${differences.join('; ')})`
}

const maxShown = 20

function listText(names: Iterable<string>): string {
  const all = [...names].map(quoteIfNeeded)
  if (all.length === 0) return 'nothing'
  const shown = all.slice(0, maxShown).join(', ')
  return all.length > maxShown ? `${shown} and ${all.length - maxShown} more` : shown
}

/** A name, in quotes if it would be ambiguous. */
function quoteIfNeeded(name: string): string {
  return /^[\p{L}\p{N}_./:@#+~-]+$/u.test(name) && name !== 'nothing' ? name : JSON.stringify(name)
}
