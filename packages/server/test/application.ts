import { identityRoutes } from '../src/identity/index.ts'
import { jwkRoutes } from '../src/jwk/index.ts'
import { oauth2Routes } from '../src/oauth2/index.ts'
import { pageRoutes } from '../src/pages/index.ts'
import { selfserviceRoutes } from '../src/selfservice/index.ts'
import { sessionRoutes } from '../src/session/index.ts'
import type { TestAnswer, TestProject } from './app.ts'
import { callback, createClient, type TestClient, tokenRequest } from './oauth2-flows.ts'
import { formOf, Person, password } from './people.ts'

/** What a project serves to people and applications. */
export const joinedRoutes = [
  ...identityRoutes,
  ...sessionRoutes,
  ...selfserviceRoutes,
  ...jwkRoutes,
  ...oauth2Routes,
  ...pageRoutes({ dev: false }),
]

const origin = 'http://localhost:4000'
const page = { accept: 'text/html' }

/** A person in front of a browser who uses an application that signs people in with a project. */
export class Visitor extends Person {
  /** Where the browser is. */
  url = origin
  answer: TestAnswer | undefined

  /** Opens an address of the project and follows redirects, up to a page or the address of an application. */
  async open(url: string): Promise<TestAnswer | undefined> {
    return this.follow(await this.at(url))
  }

  /** Sends the form of the page that is open. */
  async send(path: string, fields: object): Promise<TestAnswer | undefined> {
    const csrf = /name="csrf_token" value="([^"]*)"/.exec(this.answer?.body ?? '')?.[1] ?? ''
    const headers = { ...page, 'content-type': 'application/x-www-form-urlencoded' }
    return this.follow(await this.call('POST', path, { text: formOf({ csrf_token: csrf, ...fields }), headers }))
  }

  /** Fills in the sign-in form that is open. */
  signInHere(identifier: string, secret = password) {
    const { pathname, search } = this.action
    return this.send(pathname + search, { method: 'password', identifier, password: secret })
  }

  /** The address of the form of a flow. */
  get action(): URL {
    const action = /action="([^"]*self-service[^"]*)"/.exec(this.answer?.body ?? '')?.[1] ?? ''
    return new URL(action.replaceAll('&amp;', '&'), origin)
  }

  /** The value of a hidden field of the page that is open. */
  hidden(name: string): string {
    return new RegExp(`name="${name}" value="([^"]*)"`).exec(this.answer?.body ?? '')?.[1] ?? ''
  }

  private async at(url: string): Promise<TestAnswer> {
    const { pathname, search } = new URL(url, origin)
    this.url = new URL(url, origin).toString()
    return this.call('GET', `${pathname}${search}`, { headers: page })
  }

  private async follow(answer: TestAnswer): Promise<TestAnswer | undefined> {
    let last = answer
    for (let hops = 0; hops < 12 && last.headers.location !== undefined; hops++) {
      this.url = new URL(String(last.headers.location), origin).toString()
      if (!this.url.startsWith(`${origin}/`)) {
        this.answer = undefined
        return undefined
      }
      last = await this.at(this.url)
    }
    this.answer = last
    return last
  }
}

/** An application that is registered at a project. */
export class Application {
  readonly project: TestProject
  readonly client: TestClient

  private constructor(project: TestProject, client: TestClient) {
    this.project = project
    this.client = client
  }

  static async register(project: TestProject, more: object = {}): Promise<Application> {
    const client = await createClient(project, {
      client_name: 'Tide tables',
      scope: 'openid offline_access email profile photos',
      ...more,
    })
    return new Application(project, client)
  }

  /** Where the application sends a browser to sign in. */
  url(query: object = {}): string {
    const parameters = new URLSearchParams({
      client_id: this.client.client_id,
      response_type: 'code',
      scope: 'openid email profile',
      redirect_uri: callback,
      state: 'a state of some length',
      ...query,
    })
    return `/oauth2/auth?${parameters}`
  }

  /** The tokens for the code with which a browser has returned, and the claims of the ID token. */
  async tokens(url: string) {
    const code = new URL(url).searchParams.get('code') ?? ''
    const { body } = await tokenRequest(this.project, this.client, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
    })
    return { ...body, claims: body.id_token ? claimsIn(body.id_token) : undefined }
  }
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was signed
function claimsIn(token: string): any {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
}
