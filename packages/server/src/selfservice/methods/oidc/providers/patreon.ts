import { isTree } from '../../../../kernel/config/walk.ts'
import { personProvider, textOf } from './person.ts'

export const patreon = personProvider({
  endpoints: {
    authorizationUrl: 'https://www.patreon.com/oauth2/authorize',
    tokenUrl: 'https://www.patreon.com/api/oauth2/token',
    clientAuth: 'body',
  },
  parameters: (_at, { isForced }) => ({ prompt: isForced ? 'consent' : 'none' }),
  personUrl:
    'https://www.patreon.com/api/oauth2/v2/identity?fields%5Buser%5D=first_name,last_name,url,full_name,email,image_url',
  claims({ data }) {
    const { id, attributes } = isTree(data) ? data : {}
    const person = isTree(attributes) ? attributes : {}
    return {
      iss: 'https://www.patreon.com/',
      sub: textOf(id),
      name: textOf(person.full_name),
      email: textOf(person.email),
      given_name: textOf(person.first_name),
      family_name: textOf(person.last_name),
      last_name: textOf(person.last_name),
      picture: textOf(person.image_url),
    }
  },
})
