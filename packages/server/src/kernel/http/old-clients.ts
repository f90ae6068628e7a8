import { credentialTypesOfOldClients } from '@latchkey/api'
import type { Call } from './call.ts'
import type { Reply } from './reply.ts'
import type { Route } from './route.ts'

/** How the clients of the 1.1 line name themselves, whatever their language. */
const oldClient = /^OpenAPI-Generator\/v?1\.1\./

/** What this line's models take as the method of a session's proof. */
const methods = [...credentialTypesOfOldClients, 'link_recovery', 'code_recovery', 'v0.6_legacy_session']

/** Members that hold whatever people put there. */
const opaque = ['traits', 'config', 'schema', 'metadata_public', 'metadata_admin', 'context', 'transient_payload']

/**
 * The same routes, whose answers clients of the 1.1 line can read: their models are strict, so that credential types
 * which they do not know, and members that are null, are left out for them.
 */
export function forOldClients(routes: readonly Route[]): Route[] {
  return routes.map((route) => ({
    ...route,
    handle: (ctx, call) => (isOldClient(call) ? withoutUnknown(route.handle(ctx, call)) : route.handle(ctx, call)),
  }))
}

/** Whether a client of the 1.1 line asks. */
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

/** A proof in a session; other things called method are not of this sort. */
function isUnknownMethod(value: object): boolean {
  return 'method' in value && 'completed_at' in value && !methods.includes(String(value.method))
}
