/** Response settings of a listener, by its type of clients. */
export interface Audience {
  /** Whether clients use cookies and therefore need anti-CSRF protection. */
  readonly csrf: boolean
  /** Whether CORS headers are sent: always, only if CORS is enabled in the configuration, or never. */
  readonly cors: 'always' | 'configured' | 'never'
  /** Whether responses to GET have `Cache-Control: no-store`. */
  readonly noStore: boolean
  /** Whether a path is found with a slash at its end too. */
  readonly trimsSlash?: true
  /** Whether another method of a path that is served is an unknown path, and not refused with the methods that are. */
  readonly hidesMethods?: true
}

/** Browsers and native apps. */
export const browsers: Audience = { csrf: true, cors: 'always', noStore: true }

/** Clients of the admin API. */
export const administrators: Audience = { csrf: false, cors: 'never', noStore: true }

/** OAuth2 clients, and browsers on their way from them, as on Hydra's public listener, which has cookies of its own. */
export const clients: Audience = {
  csrf: false,
  cors: 'configured',
  noStore: true,
  trimsSlash: true,
  hidesMethods: true,
}

/** Administrators of OAuth2, as on Hydra's admin listener. */
export const clientAdministrators: Audience = { csrf: false, cors: 'configured', noStore: true, trimsSlash: true }

/** Backend services, as on the listeners of Keto. */
export const services: Audience = { csrf: false, cors: 'configured', noStore: false }
