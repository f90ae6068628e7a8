import { createHmac } from 'node:crypto'
import { isTree } from '../../../../kernel/config/walk.ts'
import { withOpenId } from './openid.ts'
import { personProvider, textOf } from './person.ts'

const fields = 'id,name,first_name,last_name,middle_name,email,picture,birthday,gender'

/** Facebook. A proof made with the client secret shows that the access token was not taken from elsewhere. */
export const facebook = personProvider({
  endpoints: {
    authorizationUrl: 'https://facebook.com/dialog/oauth',
    tokenUrl: 'https://graph.facebook.com/oauth/access_token',
    clientAuth: 'body',
  },
  scopes: ({ scope }) => withOpenId(scope),
  parameters: (_at, { isForced }): Record<string, string> => (isForced ? { auth_type: 'reauthenticate' } : {}),
  personUrl({ config }, { accessToken }) {
    const proof = createHmac('sha256', config.client_secret ?? '')
      .update(accessToken)
      .digest('hex')
    return `https://graph.facebook.com/me?fields=${fields}&appsecret_proof=${proof}`
  },
  claims(person) {
    const [name, email] = [textOf(person.name), textOf(person.email)]
    const { data } = isTree(person.picture) ? person.picture : {}
    return {
      iss: 'https://graph.facebook.com/me',
      sub: textOf(person.id),
      ...{ name, nickname: name, preferred_username: name },
      given_name: textOf(person.first_name),
      family_name: textOf(person.last_name),
      middle_name: textOf(person.middle_name),
      picture: isTree(data) ? textOf(data.url) : '',
      email,
      // Facebook gives only addresses that it has verified.
      email_verified: email !== '',
      gender: textOf(person.gender),
      birthdate: textOf(person.birthday),
    }
  },
})
