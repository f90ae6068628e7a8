import type { CompiledModel, ConditionContext, ModelTester, RelationTuple, TestStore } from '@latchkey/server'
import { parseLists } from './lists.ts'
import { parseModel } from './model.ts'
import { isAbsent, type Mistake, type Place, type Value, YamlSource } from './source.ts'
import { parseAt, parseCheck, parseTuples } from './tuples.ts'

/** A test file without errors. */
export interface TestFile {
  readonly file: string
  readonly name: string
  readonly model: CompiledModel
  /** The tuples of all tests. */
  readonly tuples: readonly RelationTuple[]
  readonly tests: readonly ModelTest[]
}

export interface ModelTest extends Place {
  readonly name: string
  readonly tuples: readonly RelationTuple[]
  /** The value of `now` in conditions, if the test sets it. */
  readonly now: Date | undefined
  readonly questions: readonly Question[]
}

/** A query of a test and its expected result, both as printed. */
export interface Question extends Place {
  readonly what: string
  readonly expected: string
  readonly ask: (store: TestStore) => Promise<string>
}

export interface ParsedTestFile {
  file: TestFile | undefined
  mistakes: readonly Mistake[]
}

const limits = { tests: 500, tuples: 5000, questions: 10_000 }
const greatestDepth = 65_535

/** Parses a test file and its model. The file is undefined if there are errors. */
export async function parseTestFile(
  { path, file, text }: { path: string; file: string; text: string },
  tester: ModelTester,
): Promise<ParsedTestFile> {
  const source = new YamlSource(file, text)
  const names = ['name', 'model', 'opl', 'strict_mode', 'max_depth', 'tuples', 'tests'] as const
  const members = source.mistakes.length > 0 ? undefined : source.members(source.root, 'A test file', names)
  if (!members) return { file: undefined, mistakes: source.mistakes }
  const { name, strict_mode, max_depth, tuples, tests } = members
  const namespaces = await parseModel(source, members, path)
  // Without a model nothing else can be validated.
  if (!namespaces) return { file: undefined, mistakes: source.mistakes }
  const tried = tester.model({
    namespaces,
    ...(strict_mode && { strictMode: source.flag(strict_mode, 'strict_mode') ?? false }),
    ...(max_depth && { maxDepth: source.wholeNumber(max_depth, 'max_depth', greatestDepth) ?? 1 }),
  })
  const model = { ...tried, context: tester.context }
  const read = {
    file,
    name: (name && source.string(name, 'The name')) ?? file,
    model,
    tuples: parseTuples(source, tuples, model),
    tests: source.items(tests, 'tests').flatMap((one) => parseTest(source, one, model) ?? []),
  }
  if (read.tests.length === 0 && source.mistakes.length === 0)
    source.refuse(tests ?? source.root, 'The file contains no tests.')
  refuseTooMany(source, read)
  return { file: source.mistakes.length === 0 ? read : undefined, mistakes: source.mistakes }
}

type Tester = CompiledModel & Pick<ModelTester, 'context'>

const testMembers = ['name', 'tuples', 'context', 'now', 'allowed', 'denied', 'objects', 'subjects'] as const

function parseTest(source: YamlSource, value: Value, tester: Tester): ModelTest | undefined {
  const members = source.members(value, 'A test', testMembers)
  if (!members) return undefined
  const { name, tuples, allowed, denied, objects, subjects } = members
  const before = source.mistakes.length
  if (isAbsent(name)) source.refuse(value, 'A test needs a name.')
  const context = parseContext(source, members.context, tester)
  const questions = [
    ...parseChecks(source, allowed, { expected: 'allowed', context, tester }),
    ...parseChecks(source, denied, { expected: 'denied', context, tester }),
    ...parseLists(source, objects, { of: 'objects', context, tester }),
    ...parseLists(source, subjects, { of: 'subjects', context, tester }),
  ]
  if (questions.length === 0 && source.mistakes.length === before) {
    source.refuse(value, 'A test needs at least one of allowed, denied, objects and subjects.')
  }
  return {
    ...source.place(value),
    name: (name && source.string(name, 'The name of a test')) ?? '',
    tuples: parseTuples(source, tuples, tester),
    now: parseTime(source, members.now),
    questions,
  }
}

function parseContext(source: YamlSource, value: Value, { context }: Tester): ConditionContext | undefined {
  return parseAt(source, value, () => context(source.json(value, 'The context')))
}

function parseTime(source: YamlSource, value: Value): Date | undefined {
  if (isAbsent(value)) return undefined
  const text = source.string(value, 'now')
  const time = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text ?? '') ? new Date(text ?? '') : undefined
  if (time && !Number.isNaN(time.getTime())) return time
  return text === undefined ? undefined : source.refuse(value, 'now must be a time such as 2026-01-31T08:00:00Z.')
}

/** Parses checks with the same expected result. */
function parseChecks(
  source: YamlSource,
  value: Value,
  with_: { expected: 'allowed' | 'denied'; context: ConditionContext | undefined; tester: Tester },
): Question[] {
  const { expected, context, tester } = with_
  return source.items(value, expected).flatMap((item) => {
    const asked = parseCheck(source, item, tester)
    if (!asked) return []
    const ask = async (store: TestStore) => ((await store.check(asked.tuple, context)) ? 'allowed' : 'denied')
    return [{ ...source.place(item), what: asked.text, expected, ask }]
  })
}

function refuseTooMany(source: YamlSource, { tuples, tests }: Pick<TestFile, 'tuples' | 'tests'>): void {
  const sizes = {
    tests: tests.length,
    tuples: tests.reduce((sum, one) => sum + one.tuples.length, tuples.length),
    questions: tests.reduce((sum, one) => sum + one.questions.length, 0),
  }
  for (const [what, most] of Object.entries(limits)) {
    if (sizes[what as keyof typeof sizes] > most) source.refuse(source.root, `A file has at most ${most} ${what}.`)
  }
}
