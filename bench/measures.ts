import type { Load } from './load.ts'

/** A server prepared for measuring: the same people, sessions and flows in each. */
export interface Stage {
  public: string
  admin: string
  sessionTokens: string[]
  loginFlows: string[]
  registrationFlows: string[]
  identityId: string
}

export interface Measure {
  name: string
  /** How many times the reference we want; undefined where there is no such aim. */
  wanted?: number
  /** Takes twice the time of the others: few answers a second. */
  slow?: true
  /** The first load is what is reported. */
  loads: (stage: Stage) => Omit<Load, 'warmUpMs' | 'durationMs'>[]
}

export const password = 'correct-Horse-7-battery'
export const person = (index: number) => `person-${index}@example.org`
export const people = 1200

const connections = 32

export const measures: Measure[] = [
  { name: 'whoami', wanted: 15, loads: (stage) => [whoami(stage, connections)] },
  {
    name: 'login flow (api)',
    wanted: 30,
    loads: (stage) => [get(stage.public, '/self-service/login/api', connections)],
  },
  {
    name: 'identity list (100)',
    wanted: 10,
    loads: (stage) => [get(stage.admin, '/admin/identities?page_size=100', connections)],
  },
  {
    name: 'single identity',
    wanted: 8,
    loads: (stage) => [get(stage.admin, `/admin/identities/${stage.identityId}`, connections)],
  },
  { name: 'password login', wanted: 1, slow: true, loads: (stage) => [login(stage, 4)] },
  {
    name: 'registration',
    wanted: 1,
    slow: true,
    loads: (stage) => [
      {
        origin: stage.public,
        connections: 4,
        expect: 200,
        requests: stage.registrationFlows.map((flow) =>
          post(`/self-service/registration?flow=${flow}`, {
            method: 'password',
            password,
            traits: { email: 'new-$N@example.org', name: 'New' },
          }),
        ),
      },
    ],
  },
  {
    name: 'whoami while logins saturate',
    slow: true,
    loads: (stage) => [{ ...whoami(stage, 4), pauseMs: 10 }, login(stage, 16)],
  },
]

function whoami(stage: Stage, count: number) {
  const requests = stage.sessionTokens.map((token) => head('GET', '/sessions/whoami', [`x-session-token: ${token}`]))
  return { origin: stage.public, connections: count, expect: 200, requests }
}

function login(stage: Stage, count: number) {
  const requests = stage.loginFlows.map((flow, index) =>
    post(`/self-service/login?flow=${flow}`, { method: 'password', identifier: person(index), password }),
  )
  return { origin: stage.public, connections: count, expect: 200, requests }
}

function get(origin: string, path: string, count: number) {
  return { origin, connections: count, expect: 200, requests: [head('GET', path, [])] }
}

/** The length is counted with `$N` as the seven digits it becomes. */
function post(path: string, body: object): string {
  const text = JSON.stringify(body)
  const length = Buffer.byteLength(text.replaceAll('$N', '0000000'))
  return `${head('POST', path, ['content-type: application/json', `content-length: ${length}`])}${text}`
}

function head(method: string, path: string, headers: string[]): string {
  return `${[`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1', 'accept: application/json', ...headers].join('\r\n')}\r\n\r\n`
}
