import type { ProviderConfig } from '../config.ts'
import { claimsFrom } from './claims.ts'
import { requireIssuerUrl } from './openid.ts'
import { below, personProvider } from './person.ts'
import type { Provider } from './provider.ts'

interface Paths {
  readonly authorization: string
  readonly token: string
  readonly userinfo: string
  /** The issuer, unless the configuration names one; without it one is needed. */
  readonly issuer?: string
}

/** Providers that say who somebody is with the claims of OpenID Connect, and differ in their paths. */
function userinfoProvider({ authorization, token, userinfo, issuer }: Paths): Provider {
  const baseOf = ({ issuer_url: configured }: ProviderConfig) => configured || issuer || ''
  return personProvider({
    ...(!issuer && { check: requireIssuerUrl }),
    endpoints: ({ config }) => ({
      authorizationUrl: below(baseOf(config), authorization),
      tokenUrl: below(baseOf(config), token),
      clientAuth: 'body',
    }),
    parameters: (_at, { isForced }): Record<string, string> => (isForced ? { prompt: 'login' } : {}),
    personUrl: ({ config }) => below(baseOf(config), userinfo),
    claims(person, { config }) {
      const claims = claimsFrom(person)
      return { ...claims, iss: claims.iss || baseOf(config) }
    },
  })
}

export const gitlab = userinfoProvider({
  issuer: 'https://gitlab.com',
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  userinfo: '/oauth/userinfo',
})

export const auth0 = userinfoProvider({ authorization: '/authorize', token: '/oauth/token', userinfo: '/userinfo' })

export const salesforce = userinfoProvider({
  authorization: '/services/oauth2/authorize',
  token: '/services/oauth2/token',
  userinfo: '/services/oauth2/userinfo',
})
