import { expect } from 'vitest'
import { listMailbox } from '../src/courier/mailbox.ts'
import { identityRoutes } from '../src/identity/index.ts'
import type { Context } from '../src/kernel/context.ts'
import { selfserviceRoutes } from '../src/selfservice/index.ts'
import { sessionRoutes } from '../src/session/index.ts'
import { openTestApp, type TestAnswer, type TestProject, type TestRequest } from './app.ts'

type FlowName = 'login' | 'registration' | 'recovery' | 'verification' | 'settings'
type Sent = Pick<TestRequest, 'json' | 'text' | 'headers'>

export const password = 'a lantern at the pier'

let counter = 0
export const freshEmail = (who = 'ada') => `${who}-${++counter}@harbour.example`

/** One database with the routes of identities, sessions and flows. */
export function openFlows(dsn: string) {
  return openTestApp(dsn, [...identityRoutes, ...sessionRoutes, ...selfserviceRoutes])
}

/** The code of the newest message to an address. */
export async function codeFor(ctx: Context, to: string): Promise<string> {
  const [mail] = await listMailbox(ctx, { to, limit: 1 })
  const code = /\b\d{6}\b/.exec(mail?.text ?? '')?.[0]
  if (!code) throw new Error(`no code was sent to ${to}`)
  return code
}

/** The token of the link in the newest message to an address. */
export async function linkTokenFor(ctx: Context, to: string): Promise<string> {
  const [mail] = await listMailbox(ctx, { to, limit: 1 })
  const token = /[?&]token=(\w+)/.exec(mail?.text ?? '')?.[1]
  if (!token) throw new Error(`no link was sent to ${to}`)
  return token
}

/** An app with a session token, or the script of a page with cookies. */
export class Person {
  readonly cookies = new Map<string, string>()
  token: string | undefined
  readonly project: TestProject
  readonly kind: 'api' | 'browser'

  constructor(project: TestProject, kind: 'api' | 'browser' = 'browser') {
    this.project = project
    this.kind = kind
  }

  async call(method: 'GET' | 'POST' | 'DELETE' | 'PATCH', path: string, sent: Sent = {}): Promise<TestAnswer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await this.project.call(method, path, {
      token: null,
      ...sent,
      headers: {
        accept: 'application/json',
        ...(cookie && { cookie }),
        ...(this.token && { 'x-session-token': this.token }),
        ...sent.headers,
      },
    })
    this.keep(answer)
    return answer
  }

  private keep({ headers, body }: TestAnswer): void {
    const lines = [headers['set-cookie'] ?? []].flat() as string[]
    for (const line of lines) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      if (/max-age=0/i.test(line)) this.cookies.delete(pair.slice(0, at))
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    if (this.kind === 'api' && body?.session_token) this.token = body.session_token
  }

  /** Begins a flow and gives it. */
  async begin(name: FlowName, query = '') {
    return (await this.call('GET', `/self-service/${name}/${this.kind}${query}`)).body
  }

  /** Submits a flow with these fields: as JSON, or as a page's form where HTML is asked for. */
  submit(name: FlowName, flow: { id: string }, fields: object, headers: Record<string, string> = {}) {
    const csrfToken = csrfOf(flow)
    const json = { ...(csrfToken && { csrf_token: csrfToken }), ...fields }
    const form = { text: formOf(json), headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } }
    const sent = headers.accept === 'text/html' ? form : { json, headers }
    return this.call('POST', `/self-service/${name}?flow=${flow.id}`, sent)
  }

  async run(name: FlowName, json: object) {
    return this.submit(name, await this.begin(name), json)
  }

  signUp(email: string, more: object = {}) {
    return this.run('registration', { method: 'password', traits: { email }, password, ...more })
  }

  signIn(identifier: string, secret = password) {
    return this.run('login', { method: 'password', identifier, password: secret })
  }

  async whoami(): Promise<string | undefined> {
    return (await this.call('GET', '/sessions/whoami')).body?.identity?.traits?.email
  }
}

/** Fields as a form sends them, with dotted names for the members of objects. */
export function formOf(fields: object): string {
  const flat = (value: object, prefix = ''): [string, string][] =>
    Object.entries(value).flatMap(([key, member]) =>
      typeof member === 'object' && member !== null
        ? flat(member, `${prefix}${key}.`)
        : [[`${prefix}${key}`, String(member)]],
    )
  return new URLSearchParams(flat(fields)).toString()
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
export function csrfOf(flow: any): string {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const node = flow?.ui?.nodes?.find((one: any) => one.attributes.name === 'csrf_token')
  return node?.attributes.value ?? ''
}

// biome-ignore lint/suspicious/noExplicitAny: as above
export function messageIds(body: any): number[] {
  const { messages = [], nodes = [] } = body?.ui ?? {}
  // biome-ignore lint/suspicious/noExplicitAny: as above
  return [...messages, ...nodes.flatMap((node: any) => node.messages)].map(({ id }) => id)
}

/** Somebody who has signed up with a password. */
export async function signedUp(at: TestProject, kind: 'api' | 'browser') {
  const person = new Person(at, kind)
  const email = freshEmail()
  expect((await person.signUp(email)).status).toBe(200)
  return { person, email }
}

/** The identities that sign in with an address. */
export async function identitiesWith(project: TestProject, email: string) {
  return (await project.call('GET', `/admin/identities?credentials_identifier=${encodeURIComponent(email)}`)).body
}
