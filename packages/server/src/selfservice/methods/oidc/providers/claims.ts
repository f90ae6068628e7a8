import { isTree, type Tree } from '../../../../kernel/config/walk.ts'

/**
 * What a provider says of a person, with the names of OpenID Connect Core 1.0, section 5.1. Claims mappers get this as
 * `std.extVar('claims')`; as in Kratos, empty members are left out and `raw_claims` has everything that the provider
 * said.
 */
export interface Claims {
  iss: string
  sub: string
  oid?: string
  name?: string
  given_name?: string
  family_name?: string
  last_name?: string
  middle_name?: string
  nickname?: string
  preferred_username?: string
  profile?: string
  picture?: string
  website?: string
  email?: string
  email_verified?: boolean
  gender?: string
  birthdate?: string
  zoneinfo?: string
  locale?: string
  phone_number?: string
  phone_number_verified?: boolean
  updated_at?: number
  hd?: string
  team?: string
  nonce?: string
  nonce_supported?: boolean
  raw_claims?: Tree
}

type Name = Exclude<keyof Claims, 'raw_claims'>

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
/** Apple writes booleans as texts. */
const flag = (value: unknown) => value === true || value === 'true' || undefined

const readers: Readonly<Record<Name, (value: unknown) => string | number | boolean | undefined>> = {
  iss: text,
  sub: text,
  oid: text,
  name: text,
  given_name: text,
  family_name: text,
  last_name: text,
  middle_name: text,
  nickname: text,
  preferred_username: text,
  profile: text,
  picture: text,
  website: text,
  email: text,
  email_verified: flag,
  gender: text,
  birthdate: text,
  zoneinfo: text,
  locale: localeOf,
  phone_number: text,
  phone_number_verified: flag,
  updated_at: secondsOf,
  hd: text,
  team: text,
  nonce: text,
  nonce_supported: flag,
}

/** The claims in an ID token or a userinfo response. Members of another type than the standard's are in `raw_claims` only. */
export function claimsFrom(raw: Tree): Claims {
  const known = Object.entries(readers).map(([name, read]) => [name, read(raw[name])])
  return { ...(Object.fromEntries(known) as unknown as Claims), raw_claims: raw }
}

/** The claims without empty members, as mappers get them. */
export function mapperClaims(claims: Claims): object {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => Boolean(value)))
}

/** LinkedIn writes a locale as an object. */
function localeOf(value: unknown): string | undefined {
  if (!isTree(value)) return text(value)
  return [text(value.language), text(value.country)].filter(Boolean).join('-')
}

/** Auth0 and Salesforce write the time as a text (RFC 3339). */
function secondsOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000)
}
