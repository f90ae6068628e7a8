import type { Context } from '../../kernel/context.ts'
import { check } from '../check/check.ts'
import type { requireContext } from '../conditions/index.ts'
import { listObjects, type ObjectsQuestion } from '../listing/objects.ts'
import { listSubjects, type SubjectsQuestion } from '../listing/subjects.ts'
import type { RelationTuple } from '../tuples/subject.ts'
import { asTestError } from './error.ts'

/** The variables of a request, for the conditions of tuples. */
export type ConditionContext = NonNullable<ReturnType<typeof requireContext>>

/** The tuples of one test. Its questions throw a ModelTestError where a server would refuse to answer. */
export interface TestStore {
  check(tuple: RelationTuple, context?: ConditionContext): Promise<boolean>
  /** The whole list, ordered by the bytes of the names. */
  objects(question: ObjectsQuestion): Promise<string[]>
  /** The whole list, as `objects`. */
  subjects(question: SubjectsQuestion): Promise<string[]>
}

const maxPageSize = 1000

export function testStore(ctx: Context): TestStore {
  return {
    check: (tuple, context) => orTestError(async () => (await check(ctx, tuple, { context })).allowed),
    objects: (question) =>
      orTestError(() =>
        allPages(async (token) => {
          const { objects, next_page_token: next } = await listObjects(ctx, question, { size: maxPageSize, token })
          return { names: objects, next }
        }),
      ),
    subjects: (question) =>
      orTestError(() =>
        allPages(async (token) => {
          const { subjects, next_page_token: next } = await listSubjects(ctx, question, { size: maxPageSize, token })
          return { names: subjects.map(({ subject_id: id = '' }) => id), next }
        }),
      ),
  }
}

async function allPages(page: (token: string) => Promise<{ names: string[]; next: string }>): Promise<string[]> {
  const names: string[] = []
  let token = ''
  do {
    const read = await page(token)
    names.push(...read.names)
    token = read.next
  } while (token !== '')
  return names
}

async function orTestError<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question()
  } catch (error) {
    return asTestError(() => {
      throw error
    })
  }
}
