import type { Context } from '../kernel/context.ts'
import { audienceOf, type Client, scopesOf } from './clients/client.ts'
import { invalidRequest, invalidScope } from './errors.ts'

/** Whether one of the granted scopes includes a scope, by the strategy of the configuration. */
export function includesScope({ config }: Context, granted: readonly string[], scope: string): boolean {
  if (config.oauth2.strategies.scope === 'exact') return granted.includes(scope)
  return granted.some((pattern) => matchesWildcard(pattern, scope))
}

/** Each part of `photos.*` stands for one part of a scope, and the last one for all that follow. */
function matchesWildcard(pattern: string, scope: string): boolean {
  const patternParts = pattern.split('.')
  const parts = scope.split('.')
  if (patternParts.length > parts.length) return false
  if (patternParts.length < parts.length && patternParts.at(-1) !== '*') return false
  return patternParts.every((part, i) => (part === '*' && parts[i] !== '') || part === parts[i])
}

/** @throws invalid_scope for a scope that the client may not ask for */
export function requireScopes(ctx: Context, client: Client, scopes: readonly string[]): void {
  const allowed = scopesOf(client)
  for (const scope of scopes) {
    if (!includesScope(ctx, allowed, scope))
      throw invalidScope(`The client is not allowed to request the scope "${scope.slice(0, 100)}".`)
  }
}

/** The audiences of a request: several parameters, or one with words. */
export function requestedAudience(parameters: URLSearchParams): string[] {
  const given = parameters.getAll('audience')
  return (given.length > 1 ? given : (given[0] ?? '').split(' ')).filter(Boolean)
}

/** @throws invalid_request for an audience that the client may not ask for */
export function requireAudience(client: Client, audience: readonly string[]): void {
  for (const one of audience) {
    if (!isAllowedAudience(client, one))
      throw invalidRequest(`The client is not allowed to request the audience "${one.slice(0, 200)}".`)
  }
}

/** Whether an audience is one of the client's, or a path below one. */
export function isAllowedAudience(client: Client, audience: string): boolean {
  const wanted = partsOf(audience)
  return audienceOf(client).some((allowed) => {
    const known = partsOf(allowed)
    if (known.origin !== wanted.origin) return false
    const base = known.path.replace(/\/+$/, '')
    return wanted.path === known.path || wanted.path === base || wanted.path.startsWith(`${base}/`)
  })
}

/** Without being strict about URIs: an audience can be any text. */
function partsOf(text: string): { origin: string; path: string } {
  const [, origin = '', path = text] = /^([a-z][a-z\d+.-]*:\/\/[^/?#]*)([^?#]*)/i.exec(text) ?? []
  return { origin, path }
}
