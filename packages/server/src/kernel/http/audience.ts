/** Response settings of a listener, by its type of clients. */
export interface Audience {
  /** Whether clients use cookies and therefore need anti-CSRF protection. */
  readonly csrf: boolean
  /** Whether CORS headers are sent: always, only if CORS is enabled in the configuration, or never. */
  readonly cors: 'always' | 'configured' | 'never'
  /** Whether responses to GET have `Cache-Control: no-store`. */
  readonly noStore: boolean
}

/** Browsers and native apps. */
export const browsers: Audience = { csrf: true, cors: 'always', noStore: true }

/** Clients of the admin API. */
export const administrators: Audience = { csrf: false, cors: 'never', noStore: true }

/** Backend services, as on the listeners of Keto. */
export const services: Audience = { csrf: false, cors: 'configured', noStore: false }
