import type { OAuth2Config } from './config.ts'

type CookieName = keyof OAuth2Config['serve']['cookies']['names']

export interface OAuth2Cookie {
  readonly name: string
  readonly path: string
  readonly domain: string | undefined
  readonly secure: boolean
  readonly sameSite: 'Strict' | 'Lax' | 'None'
}

/**
 * A cookie as Hydra sets it: secure other than in development mode, in which its name ends with `_dev`. Without HTTPS,
 * `None` means `Lax`.
 */
export function oauth2Cookie(config: OAuth2Config, which: CookieName): OAuth2Cookie {
  const { dev, urls, serve } = config
  const { names, paths, domain, secure, same_site_mode } = serve.cookies
  const name = nameOf(names, which)
  const isHttps = urls.self.issuer.startsWith('https:')
  return {
    name: dev ? `${name}_dev` : name,
    path: which === 'session' ? paths.session : '/',
    domain: domain || undefined,
    secure: dev ? secure : true,
    sameSite: same_site_mode === 'None' && !isHttps ? 'Lax' : same_site_mode,
  }
}

function nameOf(names: OAuth2Config['serve']['cookies']['names'], which: CookieName): string {
  switch (which) {
    case 'device_csrf':
      return names.device_csrf
    case 'login_csrf':
      return names.login_csrf
    case 'consent_csrf':
      return names.consent_csrf
    case 'session':
      return names.session
  }
}
