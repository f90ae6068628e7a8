import type { ProviderConfig } from '../config.ts'
import { below, personProvider, textOf } from './person.ts'

const production = 'https://id.uaepass.ae'
/** Signing in on the web, rather than in the app of UAE PASS. */
const webLevel = 'urn:safelayer:tws:policies:authentication:level:low'

/** UAE PASS. */
export const uaepass = personProvider({
  forcesPkce: true,
  endpoints: ({ config }) => ({
    authorizationUrl: below(baseOf(config), '/idshub/authorize'),
    tokenUrl: below(baseOf(config), '/idshub/token'),
    clientAuth: 'header',
  }),
  parameters: () => ({ acr_values: webLevel }),
  personUrl: ({ config }) => below(baseOf(config), '/idshub/userinfo'),
  claims: (person, { config }) => ({
    iss: baseOf(config),
    sub: textOf(person.sub),
    email: textOf(person.email),
    name: textOf(person.fullnameEN),
    given_name: textOf(person.firstnameEN),
    last_name: textOf(person.lastnameEN),
    raw_claims: person,
  }),
})

function baseOf({ issuer_url: issuer = production }: ProviderConfig): string {
  return below(issuer, '')
}
