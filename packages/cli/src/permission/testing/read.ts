import type { CompiledModel, ConditionContext, ModelTester, RelationTuple, TestStore } from '@latchkey/server'
import { readLists } from './lists.ts'
import { readModel } from './model.ts'
import { isAbsent, type Mistake, type Place, type Value, YamlSource } from './source.ts'
import { placed, readQuestion, readTuples } from './tuples.ts'

/** A file of tests that can be run. */
export interface TestFile {
  readonly file: string
  readonly name: string
  readonly model: CompiledModel
  /** What all of its tests begin with. */
  readonly tuples: readonly RelationTuple[]
  readonly tests: readonly ModelTest[]
}

export interface ModelTest extends Place {
  readonly name: string
  readonly tuples: readonly RelationTuple[]
  /** The time that conditions see, where the test sets it. */
  readonly now: Date | undefined
  readonly questions: readonly Question[]
}

/** Something that is asked of the model, and the answer that is right, both as they are shown. */
export interface Question extends Place {
  readonly what: string
  readonly expected: string
  readonly ask: (store: TestStore) => Promise<string>
}

export interface Read {
  file: TestFile | undefined
  mistakes: readonly Mistake[]
}

const limits = { tests: 500, tuples: 5000, questions: 10_000 }
const deepest = 65_535

/** Reads a file of tests and the model that it names; it can be run when there are no mistakes. */
export async function readTests(
  { path, file, text }: { path: string; file: string; text: string },
  tester: ModelTester,
): Promise<Read> {
  const source = new YamlSource(file, text)
  const names = ['name', 'model', 'opl', 'strict_mode', 'max_depth', 'tuples', 'tests'] as const
  const members = source.mistakes.length > 0 ? undefined : source.members(source.root, 'A file of tests', names)
  if (!members) return { file: undefined, mistakes: source.mistakes }
  const { name, strict_mode, max_depth, tuples, tests } = members
  const namespaces = await readModel(source, members, path)
  // Without a model nothing else can be told right from wrong.
  if (!namespaces) return { file: undefined, mistakes: source.mistakes }
  const tried = tester.model({
    namespaces,
    ...(strict_mode && { strictMode: source.flag(strict_mode, 'strict_mode') ?? false }),
    ...(max_depth && { maxDepth: source.wholeNumber(max_depth, 'max_depth', deepest) ?? 1 }),
  })
  const model = { ...tried, context: tester.context }
  const read = {
    file,
    name: (name && source.string(name, 'The name')) ?? file,
    model,
    tuples: readTuples(source, tuples, model),
    tests: source.items(tests, 'tests').flatMap((one) => readTest(source, one, model) ?? []),
  }
  if (read.tests.length === 0 && source.mistakes.length === 0)
    source.refuse(tests ?? source.root, 'There are no tests in the file.')
  refuseTooMany(source, read)
  return { file: source.mistakes.length === 0 ? read : undefined, mistakes: source.mistakes }
}

/** What tests are read with. */
type Tester = CompiledModel & Pick<ModelTester, 'context'>

const testMembers = ['name', 'tuples', 'context', 'now', 'allowed', 'denied', 'objects', 'subjects'] as const

function readTest(source: YamlSource, value: Value, tester: Tester): ModelTest | undefined {
  const members = source.members(value, 'A test', testMembers)
  if (!members) return undefined
  const { name, tuples, allowed, denied, objects, subjects } = members
  const before = source.mistakes.length
  if (isAbsent(name)) source.refuse(value, 'A test needs a name.')
  const context = readContext(source, members.context, tester)
  const questions = [
    ...readChecks(source, allowed, { expected: 'allowed', context, tester }),
    ...readChecks(source, denied, { expected: 'denied', context, tester }),
    ...readLists(source, objects, { of: 'objects', context, tester }),
    ...readLists(source, subjects, { of: 'subjects', context, tester }),
  ]
  if (questions.length === 0 && source.mistakes.length === before) {
    source.refuse(value, 'A test needs something that is allowed or denied, or a list.')
  }
  return {
    ...source.place(value),
    name: (name && source.string(name, 'The name of a test')) ?? '',
    tuples: readTuples(source, tuples, tester),
    now: readTime(source, members.now),
    questions,
  }
}

function readContext(source: YamlSource, value: Value, { context }: Tester): ConditionContext | undefined {
  return placed(source, value, () => context(source.json(value, 'The context')))
}

function readTime(source: YamlSource, value: Value): Date | undefined {
  if (isAbsent(value)) return undefined
  const text = source.string(value, 'now')
  const time = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text ?? '') ? new Date(text ?? '') : undefined
  if (time && !Number.isNaN(time.getTime())) return time
  return text === undefined ? undefined : source.refuse(value, 'now must be a time such as 2026-01-31T08:00:00Z.')
}

/** Checks that have to end alike. */
function readChecks(
  source: YamlSource,
  value: Value,
  with_: { expected: 'allowed' | 'denied'; context: ConditionContext | undefined; tester: Tester },
): Question[] {
  const { expected, context, tester } = with_
  return source.items(value, expected).flatMap((item) => {
    const asked = readQuestion(source, item, tester)
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
