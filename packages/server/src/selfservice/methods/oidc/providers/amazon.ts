import type { ProviderConfig } from '../config.ts'
import { personProvider, textOf } from './person.ts'

const tokenUrl = 'https://api.amazon.com/auth/o2/token'
const scopes = ['profile', 'profile:user_id', 'postal_code']

/** Login with Amazon. */
export const amazon = personProvider({
  check: unusableScope,
  endpoints: { authorizationUrl: 'https://www.amazon.com/ap/oa', tokenUrl, clientAuth: 'body' },
  personUrl: 'https://api.amazon.com/user/profile',
  headers: ({ accessToken }) => ({ 'x-amz-access-token': accessToken }),
  claims: (person) => ({
    iss: tokenUrl,
    sub: textOf(person.user_id),
    name: textOf(person.name),
    email: textOf(person.email),
    zoneinfo: textOf(person.postal_code),
  }),
})

function unusableScope({ scope }: ProviderConfig): string | undefined {
  return scope.every((one) => scopes.includes(one)) ? undefined : `only the scopes ${scopes.join(', ')}`
}
