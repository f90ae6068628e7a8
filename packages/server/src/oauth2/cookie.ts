import type { OAuth2Config } from './config.ts'

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
export function oauth2Cookie(
  config: OAuth2Config,
  which: keyof OAuth2Config['serve']['cookies']['names'],
): OAuth2Cookie {
  const { dev, urls, serve } = config
  const { names, paths, domain, secure, same_site_mode } = serve.cookies
  const isHttps = urls.self.issuer.startsWith('https:')
  return {
    name: dev ? `${names[which]}_dev` : names[which],
    path: which === 'session' ? paths.session : '/',
    domain: domain || undefined,
    secure: dev ? secure : true,
    sameSite: same_site_mode === 'None' && !isHttps ? 'Lax' : same_site_mode,
  }
}
