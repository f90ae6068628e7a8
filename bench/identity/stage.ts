import { TOTP } from 'otpauth'
import { call } from '../call.ts'
import { password, people, person, type Stage } from './measures.ts'
import { openProvider } from './provider.ts'

const flowsPerMeasure = 16

/** Creates identities on an empty server, and the sessions and flows that the measures use. */
export async function prepare([open, admin]: [string, string]): Promise<Stage> {
  await openProvider()
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
  const socialFlows = await many(flowsPerMeasure, (index) => socialFlow(open, index))
  return {
    public: open,
    admin,
    loginFlows,
    secondFactors,
    socialFlows,
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

/** Signs somebody up with the provider, and begins the flow in which they sign in as often as wanted. */
async function socialFlow(open: string, index: number): Promise<Stage['socialFlows'][number]> {
  const { left, cookie } = await leave(open, await browserFlow(open))
  const state = new URL(left.redirect_browser_to).searchParams.get('state') ?? ''
  const query = new URLSearchParams({ state, code: `social-${index}` })
  const back = await fetch(`${open}/self-service/methods/oidc/callback/bench?${query}`, {
    headers: { accept: 'text/html', cookie },
    redirect: 'manual',
  })
  if (back.status !== 303 || back.headers.get('location')?.includes('flow=') !== false) {
    throw new Error(`${open} signed nobody up: ${back.status} ${back.headers.get('location')}`)
  }
  return browserFlow(open)
}

async function browserFlow(open: string): Promise<Stage['socialFlows'][number]> {
  const answer = await fetch(`${open}/self-service/login/browser`, { headers: { accept: 'application/json' } })
  const { id, ui } = (await answer.json()) as { id: string; ui: { nodes: { attributes: Record<string, string> }[] } }
  const csrfToken = ui.nodes.find(({ attributes }) => attributes.name === 'csrf_token')?.attributes.value ?? ''
  return { flow: id, csrfToken, cookie: cookiesOf(answer) }
}

async function leave(open: string, { flow, csrfToken, cookie }: Stage['socialFlows'][number]) {
  const answer = await fetch(`${open}/self-service/login?flow=${flow}`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', cookie },
    body: JSON.stringify({ method: 'oidc', provider: 'bench', csrf_token: csrfToken }),
  })
  const left = (await answer.json()) as { redirect_browser_to: string }
  return { left, cookie: [cookie, cookiesOf(answer)].filter(Boolean).join('; ') }
}

function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ')
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
