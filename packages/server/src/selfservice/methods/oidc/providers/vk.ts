import { isTree } from '../../../../kernel/config/walk.ts'
import { unusable } from './http.ts'
import { idOf, personProvider, textOf } from './person.ts'

const personUrl = 'https://api.vk.com/method/users.get'
const genders: Readonly<Record<number, string>> = { 1: 'female', 2: 'male' }

/** VK. The address is in the token response. */
export const vk = personProvider({
  endpoints: {
    authorizationUrl: 'https://oauth.vk.com/authorize',
    tokenUrl: 'https://oauth.vk.com/access_token',
    clientAuth: 'body',
  },
  personUrl: `${personUrl}?fields=photo_200,nickname,bdate,sex&v=5.131`,
  claims({ response }, at, tokens) {
    const user: unknown = Array.isArray(response) ? response[0] : undefined
    if (!isTree(user)) throw unusable(at, personUrl, { reason: 'no user' })
    return {
      iss: personUrl,
      sub: idOf(user.id),
      given_name: textOf(user.first_name),
      family_name: textOf(user.last_name),
      nickname: textOf(user.nickname),
      picture: textOf(user.photo_200),
      email: textOf(tokens.response.email),
      gender: genders[Number(user.sex)] ?? '',
      birthdate: textOf(user.bdate),
    }
  },
})
