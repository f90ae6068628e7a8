import type { Identity } from '../../identity/index.ts'
import { claimsByScope } from '../../oauth2/index.ts'

type Traits = Readonly<Record<string, unknown>>

/** The claims that are each one trait; the others are made of several, or of the identity. */
const profileClaims = claimsByScope.profile.filter((claim) => claim !== 'name' && claim !== 'updated_at')

/** Names of traits that are common for a claim. */
const traitNames: Readonly<Record<string, readonly string[]>> = {
  given_name: ['given_name', 'first_name', 'firstname', 'firstName'],
  family_name: ['family_name', 'last_name', 'lastname', 'lastName', 'surname'],
  preferred_username: ['preferred_username', 'username'],
  picture: ['picture', 'avatar', 'avatar_url'],
}

/** Claims are texts of at most so many characters, because they travel in URLs until the person has agreed. */
const longest = 1_000

/**
 * What the granted scopes tell of a person (OpenID Connect Core 1.0, sections 5.1 and 5.4): from traits with the name of
 * the claim, or a common one for it. An address counts as verified if the identity has verified it.
 */
export function claimsOf({ document }: Pick<Identity, 'document'>, scopes: readonly string[]): Record<string, unknown> {
  const traits = objectOf(document.traits)
  const has = (scope: string) => scopes.includes(scope)
  return {
    ...(has('email') && contact(document, 'email', textOf(traits, ['email']))),
    ...(has('phone') && contact(document, 'phone_number', textOf(traits, ['phone_number', 'phone']))),
    ...(has('profile') && { ...profileOf(traits), updated_at: Math.floor(Date.parse(document.updated_at) / 1000) }),
    ...(has('address') && addressOf(traits)),
  }
}

function contact({ verifiable_addresses: known = [] }: Identity['document'], claim: string, trait: string | undefined) {
  const via = claim === 'email' ? 'email' : 'sms'
  const found = (known ?? []).filter((address) => address.via === via)
  const value = trait ?? (found.find(({ verified }) => verified) ?? found[0])?.value
  if (value === undefined) return {}
  const isVerified = found.some((one) => one.verified && one.value.toLowerCase() === value.toLowerCase())
  return { [claim]: value, [`${claim}_verified`]: isVerified }
}

function profileOf(traits: Traits): Record<string, string> {
  // Ory's schemas have a name in parts: { "first": …, "last": … }.
  const parts = objectOf(traits.name)
  const found = Object.fromEntries(
    profileClaims.flatMap((claim) => {
      const value = textOf(traits, traitNames[claim] ?? [claim])
      return value === undefined ? [] : [[claim, value]]
    }),
  )
  const given = found.given_name ?? textOf(parts, ['first', 'given_name'])
  const family = found.family_name ?? textOf(parts, ['last', 'family_name'])
  const name = textOf(traits, ['name', 'full_name']) ?? [given, family].filter(Boolean).join(' ')
  return {
    ...found,
    ...(given && { given_name: given }),
    ...(family && { family_name: family }),
    ...(name && { name }),
  }
}

function addressOf({ address }: Traits): Record<string, unknown> {
  if (typeof address === 'string' && address !== '') return { address: { formatted: address.slice(0, longest) } }
  const members = ['formatted', 'street_address', 'locality', 'region', 'postal_code', 'country']
  const parts = members.flatMap((name) => {
    const value = textOf(objectOf(address), [name])
    return value === undefined ? [] : [[name, value]]
  })
  return parts.length > 0 ? { address: Object.fromEntries(parts) } : {}
}

function textOf(traits: Traits, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = traits[name]
    if (typeof value === 'string' && value !== '' && value.length <= longest) return value
  }
  return undefined
}

function objectOf(value: unknown): Traits {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Traits) : {}
}
