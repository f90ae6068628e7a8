import type { ModelTrial, RelationTuple, TriedModel, World } from '@latchkey/server'
import { readModel } from './model.ts'
import { isAbsent, type Mistake, type Place, type Value, YamlSource } from './source.ts'
import { readQuestion, readTuples } from './tuples.ts'

/** A file of tests that can be run. */
export interface TestFile {
  readonly file: string
  readonly name: string
  readonly model: TriedModel
  /** What all of its tests begin with. */
  readonly tuples: readonly RelationTuple[]
  readonly tests: readonly ModelTest[]
}

export interface ModelTest extends Place {
  readonly name: string
  readonly tuples: readonly RelationTuple[]
  readonly questions: readonly Question[]
}

/** Something that is asked of the model, and the answer that is right, both as they are shown. */
export interface Question extends Place {
  readonly what: string
  readonly expected: string
  readonly ask: (world: World) => Promise<string>
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
  trial: ModelTrial,
): Promise<Read> {
  const source = new YamlSource(file, text)
  const names = ['name', 'model', 'opl', 'strict_mode', 'max_depth', 'tuples', 'tests'] as const
  const members = source.mistakes.length > 0 ? undefined : source.members(source.root, 'A file of tests', names)
  if (!members) return { file: undefined, mistakes: source.mistakes }
  const { name, strict_mode, max_depth, tuples, tests } = members
  const namespaces = await readModel(source, members, path)
  // Without a model nothing else can be told right from wrong.
  if (!namespaces) return { file: undefined, mistakes: source.mistakes }
  const model = trial.model({
    namespaces,
    ...(strict_mode && { strictMode: source.flag(strict_mode, 'strict_mode') ?? false }),
    ...(max_depth && { maxDepth: source.wholeNumber(max_depth, 'max_depth', deepest) ?? 1 }),
  })
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

function readTest(source: YamlSource, value: Value, model: TriedModel): ModelTest | undefined {
  const members = source.members(value, 'A test', ['name', 'tuples', 'allowed', 'denied'])
  if (!members) return undefined
  const { name, tuples, allowed, denied } = members
  const before = source.mistakes.length
  if (isAbsent(name)) source.refuse(value, 'A test needs a name.')
  const questions = [
    ...readChecks(source, allowed, { expected: 'allowed', model }),
    ...readChecks(source, denied, { expected: 'denied', model }),
  ]
  if (questions.length === 0 && source.mistakes.length === before) {
    source.refuse(value, 'A test needs something that is allowed or denied.')
  }
  return {
    ...source.place(value),
    name: (name && source.string(name, 'The name of a test')) ?? '',
    tuples: readTuples(source, tuples, model),
    questions,
  }
}

/** Checks that have to end alike. */
function readChecks(
  source: YamlSource,
  value: Value,
  { expected, model }: { expected: 'allowed' | 'denied'; model: TriedModel },
): Question[] {
  return source.items(value, expected).flatMap((item) => {
    const asked = readQuestion(source, item, model)
    if (!asked) return []
    const ask = async (world: World) => ((await world.check(asked.tuple)) ? 'allowed' : 'denied')
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
