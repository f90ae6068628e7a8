import { getDomain } from 'tldts'
import type { Finding } from '../../kernel/config/validate.ts'
import type { IdentityConfig } from '../../kernel/project-config.ts'

interface Settings {
  readonly session: Pick<IdentityConfig['session'], 'device_bound' | 'cookie'>
  readonly cookies: Pick<IdentityConfig['cookies'], 'domain'>
  readonly serve: { readonly public: { readonly base_url: string } }
}

/** Settings with which browsers would bind no session, or with which a bound session would be of no use. */
export function deviceBoundFindings({ session, cookies, serve }: Settings): Finding[] {
  const { enabled, refresh_lifespan: lifespanMs, scope } = session.device_bound
  if (!enabled) return []
  const url = URL.canParse(serve.public.base_url) ? new URL(serve.public.base_url) : undefined
  const domain = (session.cookie.domain ?? cookies.domain)?.replace(/^\./, '')
  const refuse = (key: string, expected: string, found: unknown): Finding => ({
    ...{ path: ['session', 'device_bound', key], expected, found: JSON.stringify(found) },
  })
  const site = getDomain(url?.hostname ?? '', { allowPrivateDomains: true })
  return [
    ...(url?.protocol === 'https:' ? [] : [refuse('enabled', 'false, or a serve.public.base_url with https', true)]),
    ...(lifespanMs >= 1000 ? [] : [refuse('refresh_lifespan', 'at least 1s', `${lifespanMs}ms`)]),
    ...(scope === 'origin' || (domain !== undefined && domain === site)
      ? []
      : [refuse('scope', `origin, or cookies of the whole site (cookies.domain: ${site ?? 'its domain'})`, scope)]),
  ]
}
