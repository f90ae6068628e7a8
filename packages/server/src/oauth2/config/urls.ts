import Type, { type Static } from 'typebox'
import { closedObject, headerMap, uri, uriReference } from '../../kernel/config/schema-builders.ts'
import { ignoredKey, notSupportedWith, refusedKey } from '../../kernel/config/support.ts'

const page = () => Type.Optional(uriReference())

/** Where people and clients are sent. */
export const urls = closedObject(
  {
    self: closedObject(
      {
        issuer: Type.Optional(uri()),
        public: Type.Optional(uri()),
        admin: ignoredKey(Type.Optional(uri()), 'no answer contains the address of the admin API'),
      },
      { default: {} },
    ),
    login: page(),
    registration: page(),
    consent: page(),
    logout: page(),
    error: page(),
    post_logout_redirect: page(),
    device: Type.Object({ verification: page(), success: page() }, { default: {} }),
    identity_provider: Type.Optional(
      closedObject({
        url: refusedKey(Type.Optional(uri()), 'a logout would leave the session of the identity provider'),
        publicUrl: notSupportedWith(Type.Optional(uri()), 'urls.identity_provider.url'),
        headers: notSupportedWith(Type.Optional(headerMap({})), 'urls.identity_provider.url'),
      }),
    ),
  },
  { default: {} },
)

type ConfiguredUrls = Static<typeof urls>

/** The URLs with the fallbacks filled in. Pages may be relative to the public URL. */
export interface OAuth2Urls {
  readonly self: {
    /** The `iss` of tokens, exactly as configured: clients compare it letter by letter. */
    readonly issuer: string
    /** With at least a slash as its path. */
    readonly public: string
    readonly admin: string
  }
  readonly login: string
  readonly registration: string
  readonly consent: string
  readonly logout: string
  readonly error: string
  readonly post_logout_redirect: string
  readonly device: { readonly verification: string; readonly success: string }
  readonly identity_provider: NonNullable<ConfiguredUrls['identity_provider']>
}

/**
 * Fills in the URLs that are not configured, as Hydra does: the public URL is the issuer, registration is the login
 * page, and other pages are below `oauth2/fallbacks/` of the public URL.
 * @param listener where the issuer and the admin API are if nothing is said about them
 */
export function withFallbackUrls(urls: ConfiguredUrls, listener: { public: string; admin: string }): OAuth2Urls {
  const issuer = urls.self.issuer || listener.public
  const publicUrl = withPath(urls.self.public || issuer)
  const orFallback = (url: string | undefined, path: string) =>
    withPath(url || appendPath(publicUrl, `oauth2/fallbacks/${path}`))
  const login = orFallback(urls.login, 'login')
  return {
    self: { issuer, public: publicUrl, admin: withPath(urls.self.admin || listener.admin) },
    login,
    registration: withPath(urls.registration || login),
    consent: orFallback(urls.consent, 'consent'),
    logout: orFallback(urls.logout, 'logout'),
    error: orFallback(urls.error, 'error'),
    post_logout_redirect: orFallback(urls.post_logout_redirect, 'logout/callback'),
    device: {
      verification: orFallback(urls.device.verification, 'device'),
      success: orFallback(urls.device.success, 'device/done'),
    },
    identity_provider: urls.identity_provider ?? {},
  }
}

/** Appends a path to the path of a URL, which stays as it is otherwise. */
export function appendPath(base: string, path: string): string {
  const url = new URL(base)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`
  return url.toString()
}

/** An absolute URL without a path gets the path `/`. */
function withPath(url: string): string {
  return url.replace(/^([a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/?#]+)(?=[?#]|$)/, '$1/')
}
