import { Session } from 'node:inspector/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestProject } from '../../test/app.ts'
import { openFlows, Person, password, signedUp } from '../../test/people.ts'

/** Not counted: lists and routes, the nodes of forms, the notes for administrators, tests. */
const uncounted = /\/(index|routes)\.ts$|\/ui\/|\/(steps|flow-of-call|note)\.ts$|\.test\.ts$/
/** May be lowered, never raised. */
const ceiling = 13

/** How many files somebody has to open who follows one sign-in from its route to the store. */
describe('a sign-in with a password', () => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows('memory')
    project = await app.project()
  })
  afterAll(() => app.close())

  test.each(['api', 'browser'] as const)(
    `runs functions of at most ${ceiling} files of self-service (%s)`,
    async (kind) => {
      const { email } = await signedUp(project, kind)
      expect((await new Person(project, kind).signIn(email)).status).toBe(200)
      const person = new Person(project, kind)
      const flow = await person.begin('login')
      const submission = { method: 'password', identifier: email, password }
      const { result, files } = await filesRunDuring(() => person.submit('login', flow, submission))
      expect(result.status).toBe(200)
      expect(files).toContain('flows/login/submit.ts')
      expect(files.length > ceiling ? files : []).toEqual([])
    },
  )
})

/** The files of self-service of which a function runs during an action, as V8 counts the calls. */
async function filesRunDuring<T>(action: () => Promise<T>): Promise<{ result: T; files: string[] }> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  const result = await action()
  const { result: scripts } = await session.post('Profiler.takePreciseCoverage')
  session.disconnect()
  const files = scripts
    .filter(({ functions }) => functions.some(({ ranges }) => ranges.some(({ count }) => count > 0)))
    .map(({ url }) => url.split('/src/selfservice/')[1] ?? '')
    .filter((file) => file !== '' && !uncounted.test(`/${file}`))
  return { result, files: [...new Set(files)].sort() }
}
