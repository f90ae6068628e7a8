import { credentialTypesOfOldClients } from '@latchkey/api'
import type { Call } from './call.ts'
import type { Reply } from './reply.ts'
import type { Route } from './route.ts'

/** The User-Agent of version 1.1 clients in all programming languages. */
const oldClient = /^OpenAPI-Generator\/v?1\.1\./

/** The authentication methods known to the models of version 1.1 clients. */
const methods = [...credentialTypesOfOldClients, 'link_recovery', 'code_recovery', 'v0.6_legacy_session']

/** Members with arbitrary user data. */
const opaque = ['traits', 'config', 'schema', 'metadata_public', 'metadata_admin', 'context', 'transient_payload']

/**
 * Makes responses compatible with version 1.1 clients: their models are strict, so unknown credential types and null
 * members are removed from responses to them.
 */
export function forOldClients(routes: readonly Route[]): Route[] {
  return routes.map((route) => ({
    ...route,
    handle: (ctx, call) => (isOldClient(call) ? withoutUnknown(route.handle(ctx, call)) : route.handle(ctx, call)),
  }))
}

/** Whether the request is from a version 1.1 client. */
export function isOldClient(call: Call): boolean {
  return oldClient.test(call.userAgent)
}

async function withoutUnknown(answer: Reply | Promise<Reply>): Promise<Reply> {
  const reply = await answer
  if (!reply.contentType?.startsWith('application/json')) return reply
  const body: unknown = reply.text === undefined ? reply.body : JSON.parse(reply.text.toString())
  const { text: _, ...rest } = reply
  return { ...rest, body: strict(body) }
}

function strict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strict)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(
    ([name, member]) => member !== null && !(name === 'method' && isUnknownMethod(value)),
  )
  return Object.fromEntries(kept.map(([name, member]) => [name, opaque.includes(name) ? member : inside(name, member)]))
}

function inside(name: string, member: unknown): unknown {
  if (name !== 'credentials' || typeof member !== 'object' || Array.isArray(member)) return strict(member)
  const known = Object.entries(member as object).filter(([type]) => credentialTypesOfOldClients.includes(type))
  return strict(Object.fromEntries(known))
}

/** Whether a value is an authentication method of a session, and not another object with a member `method`. */
function isUnknownMethod(value: object): boolean {
  return 'method' in value && 'completed_at' in value && !methods.includes(String(value.method))
}
