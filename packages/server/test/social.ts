import { expect } from 'vitest'
import type { ProviderConfig } from '../src/selfservice/methods/oidc/config.ts'
import type { TestProject } from './app.ts'
import { type Person as AtProvider, openProvider, providerConfig, withProviders } from './openid-provider.ts'
import { openFlows, type Person } from './people.ts'

export const html = { accept: 'text/html' }

let subjects = 0
export const freshSubject = () => `subject-${++subjects}`

type FlowName = 'login' | 'registration' | 'settings'

/** One database with an OpenID provider, which shares its clock. */
export async function openSocial(dsn: string) {
  const app = await openFlows(dsn)
  const acme = await openProvider()
  acme.state.nowMs = app.clock.now()

  /** A project with the provider; signing up can be switched off. */
  async function projectWith(
    own: Partial<ProviderConfig> = {},
    registration = true,
    { login_hints = false } = {},
  ): Promise<TestProject> {
    const configure = await withProviders([providerConfig({ issuer_url: acme.issuer, ...own })])
    return app.project((identity) => {
      const { selfservice } = configure(identity)
      const changed = { ...selfservice.flows.registration, enabled: registration, login_hints }
      const flows = { ...selfservice.flows, registration: changed }
      return { ...identity, selfservice: { ...selfservice, flows } }
    })
  }

  /** Goes to the provider, from a flow of a page. */
  async function leave(person: Person, name: FlowName = 'login', fields: object = { provider: 'acme' }) {
    const flow = await person.begin(name)
    const { status, body } = await person.submit(name, flow, fields)
    expect([status, body.error?.id]).toEqual([422, 'browser_location_change_required'])
    const url = new URL(body.redirect_browser_to)
    return { flow, url, state: url.searchParams.get('state') ?? '' }
  }

  const comeBack = (person: Person, query: Record<string, string>, path = '/acme') =>
    person.call('GET', `/self-service/methods/oidc/callback${path}?${new URLSearchParams(query)}`, { headers: html })

  async function signIn(person: Person, who: AtProvider, name: FlowName = 'login') {
    const { state, flow } = await leave(person, name)
    return { flow, ...(await comeBack(person, { state, code: acme.codeFor(who) })) }
  }

  const shown = async (person: Person, name: FlowName, id: string) =>
    (await person.call('GET', `/self-service/${name}/flows?id=${id}`)).body

  return {
    ...{ app, acme, projectWith, leave, comeBack, signIn, shown },
    async close() {
      await acme.close()
      await app.close()
    },
  }
}

/** The flow whose page a browser is sent to. */
export function flowIn(answer: { headers: Record<string, unknown> }): string {
  return new URL(String(answer.headers.location)).searchParams.get('flow') ?? ''
}
