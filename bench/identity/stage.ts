import { TOTP } from 'otpauth'
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
  const secondFactors = await many(flowsPerMeasure, (index) => enrolledSignIn(open, flowsPerMeasure + index))
  return {
    public: open,
    admin,
    loginFlows,
    secondFactors,
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
      ...(from + offset < 2 * flowsPerMeasure ? { credentials: { password: { config: { password } } } } : {}),
    },
  }))
  const { identities: answers } = await call(admin, 'PATCH', '/admin/identities', { identities })
  if (answers.some((answer: { action: string }) => answer.action !== 'create')) {
    throw new Error(`${admin} did not import everybody: measuring needs a server with an empty database`)
  }
}

/**
 * Enrols an authenticator app, signs in with the password again, and begins a flow that asks for the code as often as
 * it is submitted.
 */
async function enrolledSignIn(open: string, index: number): Promise<Stage['secondFactors'][number]> {
  const first = await signIn(open, index)
  const settings = await call(open, 'GET', '/self-service/settings/api', undefined, first)
  const node = settings.ui.nodes.find(
    ({ attributes }: { attributes: { id?: string } }) => attributes.id === 'totp_secret_key',
  )
  const secret: string = node.attributes.text.context.secret
  const code = { method: 'totp', totp_code: new TOTP({ secret }).generate() }
  await call(open, 'POST', `/self-service/settings?flow=${settings.id}`, code, first)
  const second = await signIn(open, index)
  const { id: flow } = await call(open, 'GET', '/self-service/login/api?aal=aal2&refresh=true', undefined, second)
  return { token: second['x-session-token'], flow, secret }
}

async function signIn(open: string, index: number): Promise<{ 'x-session-token': string }> {
  const { id } = await call(open, 'GET', '/self-service/login/api')
  const proof = { method: 'password', identifier: person(index), password }
  const { session_token: token } = await call(open, 'POST', `/self-service/login?flow=${id}`, proof)
  return { 'x-session-token': token }
}

async function many<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = []
  for (let index = 0; index < count; index++) made.push(await make(index))
  return made
}
