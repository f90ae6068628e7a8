import { TOTP } from 'otpauth'
import { get, send } from '../requests.ts'
import type { Measure } from '../suite.ts'

/** A server with test data: the same identities, sessions and flows for each server. */
export interface Stage {
  public: string
  admin: string
  sessionTokens: string[]
  loginFlows: string[]
  registrationFlows: string[]
  /** Sign-ins that wait for the second factor. */
  secondFactors: { token: string; flow: string; secret: string }[]
  /** Flows of browsers in which people sign in with a provider. */
  socialFlows: { flow: string; csrfToken: string; cookie: string }[]
  identityId: string
}

export const password = 'correct-Horse-7-battery'
export const person = (index: number) => `person-${index}@example.org`
export const people = 1200

const connections = 32

export const measures: Measure<Stage>[] = [
  { name: 'whoami', wanted: 15, loads: (stage) => [whoami(stage, connections)] },
  { name: 'whoami with a JWT template', loads: (stage) => [whoami(stage, connections, '?tokenize_as=bench')] },
  {
    name: 'login flow (api)',
    wanted: 30,
    loads: (stage) => [one(stage.public, '/self-service/login/api')],
  },
  { name: 'Jsonnet hook', loads: (stage) => [one(stage.public, '/self-service/verification/api')] },
  {
    name: 'identity list (100)',
    wanted: 10,
    loads: (stage) => [one(stage.admin, '/admin/identities?page_size=100')],
  },
  {
    name: 'single identity',
    wanted: 8,
    loads: (stage) => [one(stage.admin, `/admin/identities/${stage.identityId}`)],
  },
  { name: 'TOTP login', loads: (stage) => [secondFactor(stage)] },
  { name: 'social sign-in', needsOwnLoad: true, loads: (stage) => [social(stage)] },
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
          send('POST', `/self-service/registration?flow=${flow}`, {
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
    needsOwnLoad: true,
    slow: true,
    loads: (stage) => [{ ...whoami(stage, 4), pauseMs: 10 }, login(stage, 16)],
  },
  {
    name: 'whoami while logins overload',
    needsOwnLoad: true,
    slow: true,
    loads: (stage) => [{ ...whoami(stage, 4), pauseMs: 10 }, overload(stage)],
  },
  {
    name: 'answers to logins in overload',
    needsOwnLoad: true,
    slow: true,
    loads: (stage) => [overload(stage)],
  },
]

function whoami(stage: Stage, count: number, query = '') {
  const requests = stage.sessionTokens.map((token) => get(`/sessions/whoami${query}`, [`x-session-token: ${token}`]))
  return { origin: stage.public, connections: count, expect: 200, requests }
}

function login(stage: Stage, count: number) {
  const requests = stage.loginFlows.map((flow, index) =>
    send('POST', `/self-service/login?flow=${flow}`, { method: 'password', identifier: person(index), password }),
  )
  return { origin: stage.public, connections: count, expect: 200, requests }
}

/** Codes that are valid for at least half a minute. */
function secondFactor(stage: Stage) {
  const requests = stage.secondFactors.map(({ token, flow, secret }) =>
    send('POST', `/self-service/login?flow=${flow}`, { method: 'totp', totp_code: new TOTP({ secret }).generate() }, [
      `x-session-token: ${token}`,
    ]),
  )
  return { origin: stage.public, connections: 16, expect: 200, requests }
}

/** From the choice of the provider to the session: the redirect to the provider, and the call-back with its code. */
function social(stage: Stage) {
  const requests = stage.socialFlows.map(({ flow, csrfToken, cookie }) =>
    send('POST', `/self-service/login?flow=${flow}`, { method: 'oidc', provider: 'bench', csrf_token: csrfToken }, [
      `cookie: ${cookie}`,
    ]),
  )
  const callback = `/self-service/methods/oidc/callback/bench?state=$1&code=social-$I`
  const followUp = {
    find: 'state=([^&\\\\"]+)',
    request: get(callback, ['accept: text/html', 'cookie: $COOKIES']),
    expect: 303,
  }
  return { origin: stage.public, connections: 16, expect: 422, requests, followUp }
}

/** Hundreds of attempts per second, where a core hashes about four. */
function overload(stage: Stage) {
  return { ...login(stage, 64), mayBeBusy: true }
}

function one(origin: string, path: string) {
  return { origin, connections, expect: 200, requests: [get(path)] }
}
