import Type from 'typebox'
import { choice, closedObject, cookieDomain, cookiePath, flag, token } from '../../kernel/config/schema-builders.ts'
import { notSupported } from '../../kernel/config/support.ts'
import type { OAuth2Config } from '../config.ts'

const name = (fallback: string) => notSupported(token('the name of a cookie', { default: fallback }))

/** The cookies of the login and consent flow. */
export const cookies = closedObject({
  same_site_mode: notSupported(choice(['Strict', 'Lax', 'None'], 'None')),
  same_site_legacy_workaround: notSupported(flag(false)),
  domain: notSupported(Type.Optional(cookieDomain())),
  secure: notSupported(flag(false)),
  names: Type.Object({
    device_csrf: name('ory_hydra_device_csrf'),
    login_csrf: name('ory_hydra_login_csrf'),
    consent_csrf: name('ory_hydra_consent_csrf'),
    session: name('ory_hydra_session'),
  }),
  paths: Type.Object({ session: notSupported(cookiePath({ default: '/' })) }),
})

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
