import { ApiError } from '@latchkey/api'
import type { Tree } from '../../../../kernel/config/walk.ts'
import type { Claims } from './claims.ts'
import { bearer, requestObject } from './http.ts'
import { type Endpoints, type OAuth2Definition, oauth2 } from './oauth2.ts'
import type { Provider, ProviderCall, Tokens } from './provider.ts'

/** What distinguishes one provider from another that says who somebody is at an address of its own. */
export interface PersonDefinition extends Omit<OAuth2Definition, 'endpoints' | 'vouch'> {
  endpoints: Endpoints | ((at: ProviderCall) => Endpoints)
  /** Where the provider says who it is; with the access token in the header, unless `headers` has it elsewhere. */
  personUrl: string | ((at: ProviderCall, tokens: Tokens) => string)
  headers?(tokens: Tokens): Record<string, string>
  /** The claims by what it says. */
  claims(person: Tree, at: ProviderCall, tokens: Tokens): Claims | Promise<Claims>
}

/** A provider of OAuth 2.0 that says who somebody is in its own words. */
export function personProvider(definition: PersonDefinition): Provider {
  const { endpoints, personUrl, headers = bearer, claims, ...others } = definition
  return oauth2({
    ...others,
    endpoints: (at) => (typeof endpoints === 'function' ? endpoints(at) : endpoints),
    async vouch(at, tokens) {
      const url = typeof personUrl === 'function' ? personUrl(at, tokens) : personUrl
      const person = await requestObject(at, url, { headers: headers(tokens) })
      return { claims: await claims(person, at, tokens), tokens, said: { userinfo: person } }
    },
  })
}

/** A text; empty if there is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The id of a person, which some providers write as a number. Throws 502 if it is not exact. */
export function idOf(value: unknown): string {
  if (typeof value !== 'number') return textOf(value)
  if (!Number.isSafeInteger(value)) throw ApiError.upstream('The sign-in provider gave an id that cannot be used.')
  return String(value)
}

/** A URL below another one, as it is configured. */
export function below(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}${path}`
}
