import type { Finding } from '../../kernel/config/validate.ts'
import type { KratosFile } from './kratos-schema.ts'

/** Cookies that browsers would not accept. */
export function cookieFindings({ dev, cookies, session }: KratosFile): Finding[] {
  if (dev) return []
  const own = session.cookie
  const refused = [
    ...(cookies.same_site === 'None' && cookies.secure === false ? [['cookies']] : []),
    ...((own.same_site !== undefined || own.secure !== undefined) &&
    (own.same_site ?? cookies.same_site) === 'None' &&
    (own.secure ?? cookies.secure) === false
      ? [['session', 'cookie']]
      : []),
  ]
  return refused.map((path) => ({
    path: [...path, 'same_site'],
    expected: 'Lax or Strict, or secure cookies, because browsers refuse None without Secure',
    found: '"None"',
  }))
}

/** Without TLS, in development mode, `None` means `Lax`, as in Kratos. */
export function laxInDevelopment({ dev, cookies, session }: KratosFile): Pick<KratosFile, 'cookies' | 'session'> {
  const lax = <C extends { same_site?: 'Strict' | 'Lax' | 'None' }>(cookie: C): C =>
    dev && cookie.same_site === 'None' ? { ...cookie, same_site: 'Lax' } : cookie
  return { cookies: lax(cookies), session: { ...session, cookie: lax(session.cookie) } }
}
