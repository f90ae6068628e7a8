import { call } from '../call.ts'
import { password, people, person, type Stage } from './measures.ts'

const flowsPerMeasure = 16

/** Creates identities on an empty server, and the sessions and flows that the measures use. */
export async function prepare([open, admin]: [string, string]): Promise<Stage> {
  for (let from = 0; from < people; from += 200) await importPeople(admin, from, Math.min(from + 200, people))
  const loginFlows = await many(flowsPerMeasure, async () => (await call(open, 'GET', '/self-service/login/api')).id)
  const registrationFlows = await many(
    flowsPerMeasure,
    async () => (await call(open, 'GET', '/self-service/registration/api')).id,
  )
  const signIns = await many(flowsPerMeasure, (index) =>
    call(open, 'POST', `/self-service/login?flow=${loginFlows[index]}`, {
      method: 'password',
      identifier: person(index),
      password,
    }),
  )
  return {
    public: open,
    admin,
    loginFlows,
    registrationFlows,
    sessionTokens: signIns.map((answer) => answer.session_token),
    identityId: signIns[0].session.identity.id,
  }
}

/** Only identities that sign in have a password: hashing one for each would take minutes at this bcrypt cost. */
async function importPeople(admin: string, from: number, to: number): Promise<void> {
  const identities = Array.from({ length: to - from }, (_, offset) => ({
    create: {
      schema_id: 'person',
      traits: { email: person(from + offset), name: `Person ${from + offset}` },
      ...(from + offset < flowsPerMeasure ? { credentials: { password: { config: { password } } } } : {}),
    },
  }))
  const { identities: answers } = await call(admin, 'PATCH', '/admin/identities', { identities })
  if (answers.some((answer: { action: string }) => answer.action !== 'create')) {
    throw new Error(`${admin} did not import everybody: measuring needs a server with an empty database`)
  }
}

async function many<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = []
  for (let index = 0; index < count; index++) made.push(await make(index))
  return made
}
