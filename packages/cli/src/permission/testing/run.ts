import { ModelTestError, type TestStore } from '@latchkey/server'
import type { ModelTest, Question, TestFile } from './parse.ts'
import type { Place } from './source.ts'

export interface FileResult {
  file: string
  name: string
  tests: TestResult[]
}

export interface TestResult extends Place {
  name: string
  passed: boolean
  /** The number of assertions. */
  asked: number
  failures: Failure[]
}

/** An assertion with an unexpected result. */
export interface Failure extends Place {
  what: string
  expected: string
  found: string
}

/** Runs the tests of a file sequentially, each against its own store. */
export async function runTests({ file, name, model, tuples, tests }: TestFile): Promise<FileResult> {
  const results: TestResult[] = []
  for (const test of tests) {
    const store = await model.store([...tuples, ...test.tuples], { now: test.now })
    results.push(await runTest(test, store))
  }
  return { file, name, tests: results }
}

async function runTest({ name, file, line, column, questions }: ModelTest, store: TestStore): Promise<TestResult> {
  const failures: Failure[] = []
  for (const { ask, ...question } of questions) {
    const found = await evaluateQuestion({ ask, ...question }, store)
    if (found !== question.expected) failures.push({ ...question, found })
  }
  return { name, file, line, column, passed: failures.length === 0, asked: questions.length, failures }
}

async function evaluateQuestion({ ask }: Question, store: TestStore): Promise<string> {
  try {
    return await ask(store)
  } catch (error) {
    if (!(error instanceof ModelTestError)) throw error
    return `error: ${error.message}`
  }
}
