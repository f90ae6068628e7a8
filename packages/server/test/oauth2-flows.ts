import { jwkRoutes } from '../src/jwk/index.ts'
import { type OAuth2Config, oauth2Routes } from '../src/oauth2/index.ts'
import type { TestAnswer, TestProject } from './app.ts'

export const routes = [...jwkRoutes, ...oauth2Routes]
export const callback = 'https://app.example.org/callback'

/** A project whose login page is elsewhere. */
export function withLoginElsewhere(oauth2: OAuth2Config): OAuth2Config {
  return { ...oauth2, asksOwnSignIn: false, urls: { ...oauth2.urls, login: 'https://login.example.org/' } }
}

export interface TestClient {
  client_id: string
  client_secret: string
}

/** A browser at a project: it keeps cookies. */
export function browserAt(project: TestProject) {
  const cookies = new Map<string, string>()
  return {
    async get(url: string): Promise<TestAnswer> {
      const { pathname, search } = new URL(url, 'http://localhost:4000')
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await project.call('GET', `${pathname}${search}`, {
        token: null,
        ...(cookie !== '' && { headers: { cookie } }),
      })
      for (const set of [answer.headers['set-cookie'] ?? []].flat()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(String(set)) ?? []
        cookies.set(name, value)
      }
      return answer
    },
  }
}

export type TestBrowser = ReturnType<typeof browserAt>

export async function createClient(project: TestProject, more: object = {}): Promise<TestClient> {
  const json = {
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    response_types: ['code'],
    redirect_uris: [callback],
    scope: 'openid offline_access photos',
    token_endpoint_auth_method: 'client_secret_post',
    ...more,
  }
  return (await project.call('POST', '/admin/clients', { json })).body
}

export function post(project: TestProject, path: string, form: object): Promise<TestAnswer> {
  return project.call('POST', path, {
    token: null,
    text: new URLSearchParams(Object.entries(form)).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
}

export function tokenRequest(project: TestProject, client: TestClient, form: object): Promise<TestAnswer> {
  const { client_id, client_secret } = client
  return post(project, '/oauth2/token', { client_id, client_secret, ...form })
}

export function locationOf({ headers }: TestAnswer): URL {
  return new URL(String(headers.location))
}

/** What the login page and the consent page answer. */
export interface Answers {
  readonly query?: object
  readonly login?: object
  readonly consent?: object
}

/** From the authorization request to the login page. */
export async function startLogin(browser: TestBrowser, client: TestClient, query: object = {}): Promise<string> {
  const parameters = new URLSearchParams({
    client_id: client.client_id,
    response_type: 'code',
    scope: 'openid offline_access',
    redirect_uri: callback,
    state: 'a state of some length',
    ...query,
  })
  const started = await browser.get(`/oauth2/auth?${parameters}`)
  return locationOf(started).searchParams.get('login_challenge') ?? ''
}

export async function accept(project: TestProject, which: 'login' | 'consent', challenge: string, json: object) {
  const path = `/admin/oauth2/auth/requests/${which}/accept?${which}_challenge=${challenge}`
  return project.call('PUT', path, { json })
}

/** Signs somebody in and lets them agree. Gives where the browser is sent at the end. */
export async function authorize(project: TestProject, client: TestClient, answers: Answers = {}): Promise<URL> {
  const browser = browserAt(project)
  const login = await startLogin(browser, client, answers.query)
  const { body: loggedIn } = await accept(project, 'login', login, { subject: 'ada', ...answers.login })
  return agree(project, browser, { url: loggedIn.redirect_to, consent: answers.consent ?? {} })
}

/** From the accepted login to the end. */
export async function agree(
  project: TestProject,
  browser: TestBrowser,
  { url, consent }: { url: string; consent: object },
): Promise<URL> {
  const challenge = locationOf(await browser.get(url)).searchParams.get('consent_challenge') ?? ''
  const { body: agreed } = await accept(project, 'consent', challenge, {
    grant_scope: ['openid', 'offline_access'],
    ...consent,
  })
  return locationOf(await browser.get(agreed.redirect_to))
}

export async function tokensOf(project: TestProject, client: TestClient, answers: Answers = {}): Promise<TestAnswer> {
  const code = (await authorize(project, client, answers)).searchParams.get('code') ?? ''
  return tokenRequest(project, client, { grant_type: 'authorization_code', code, redirect_uri: callback })
}

export async function isActive(project: TestProject, token: string): Promise<boolean> {
  const answer = await project.call('POST', '/admin/oauth2/introspect', {
    text: new URLSearchParams({ token }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  return answer.body.active
}
