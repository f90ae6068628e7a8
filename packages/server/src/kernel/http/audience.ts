/** What the answers of a listener have in common, by whom it speaks to. */
export interface Audience {
  /** Whether callers have cookies, so that they need the anti-CSRF one. */
  readonly csrf: boolean
  /** Whether pages of other origins are told what they may do: always, where the configuration lets any in, or never. */
  readonly cors: 'always' | 'configured' | 'never'
  /** Whether answers to GET say that nobody may keep them. */
  readonly noStore: boolean
}

/** Browsers, and apps beside them. */
export const browsers: Audience = { csrf: true, cors: 'always', noStore: true }

/** Administrators' programs. */
export const administrators: Audience = { csrf: false, cors: 'never', noStore: true }

/** Services that ask often, as on the listeners of Keto. */
export const services: Audience = { csrf: false, cors: 'configured', noStore: false }
