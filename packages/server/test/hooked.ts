import { expect } from 'vitest'
import type { IdentityConfig } from '../src/kernel/config/index.ts'
import { loadHooks } from '../src/selfservice/index.ts'
import { openHookTarget } from './hook-target.ts'
import { freshEmail, openFlows, Person, password } from './people.ts'

type FlowName = 'login' | 'registration' | 'recovery' | 'verification' | 'settings'
type Selfservice = IdentityConfig['selfservice']
type Project = ReturnType<Awaited<ReturnType<typeof openFlows>>['project']>

/** What a web hook answers that refuses the address. */
export const taken = {
  messages: [{ instance_ptr: '#/traits/email', messages: [{ id: 1234, text: 'Not this one.', type: 'error' }] }],
}
export const parsing = { response: { ignore: false, parse: true } }
export const interrupting = { can_interrupt: true }
export const ignored = { response: { ignore: true, parse: false } }

/** Flows in memory beside a server that web hooks call, and projects that call it. */
export async function openHooked(dsn = 'memory') {
  const app = await openFlows(dsn)
  const target = await openHookTarget()
  const close = async () => {
    await app.close()
    await target.close()
  }
  const webHook = (path: string, more: Record<string, unknown> = {}) => ({
    hook: 'web_hook',
    config: {
      url: target.url(path),
      method: 'POST',
      headers: {},
      can_interrupt: false,
      emit_analytics_event: true,
      response: { ignore: false, parse: false },
      ...more,
    },
  })
  /** A project whose flow has these hooks and no others, before it or after it. */
  const withHooks = async (name: FlowName, when: 'before' | 'after', hooks: object[]) => {
    const project = await app.project((identity) => {
      const { flows } = identity.selfservice
      const before = when === 'before' ? { ...flows[name].before, hooks } : flows[name].before
      const after = when === 'after' ? { ...withoutHooks(flows[name].after), hooks } : flows[name].after
      const changed = { ...flows, [name]: { ...flows[name], before, after } } as unknown as Selfservice['flows']
      return { ...identity, selfservice: { ...identity.selfservice, flows: changed } }
    })
    const { ctx } = project
    expect(await loadHooks(ctx.config.identity.selfservice, { folder: undefined, fetch: ctx.fetch })).toEqual([])
    return project
  }
  return { app, target, webHook, withHooks, close }
}

export const identities = async (project: Awaited<Project>) => (await project.call('GET', '/admin/identities')).body

/** Somebody of this project with a password, not signed in. */
export async function member(project: Awaited<Project>, kind: 'api' | 'browser' = 'api') {
  const email = freshEmail()
  const traits = { email }
  const json = { schema_id: 'person', traits, credentials: { password: { config: { password } } } }
  const { id } = (await project.call('POST', '/admin/identities', { json })).body
  return { email, id, person: new Person(project, kind) }
}

function withoutHooks(after: object): object {
  const methods = Object.entries(after).filter(([key]) => key !== 'hooks')
  return Object.fromEntries(
    methods.map(([key, value]) => [key, typeof value === 'object' && value !== null ? { ...value, hooks: [] } : value]),
  )
}
