import { idOf, personProvider, textOf } from './person.ts'

const personUrl = 'https://login.yandex.ru/info'

export const yandex = personProvider({
  endpoints: {
    authorizationUrl: 'https://oauth.yandex.com/authorize',
    tokenUrl: 'https://oauth.yandex.com/token',
    clientAuth: 'body',
  },
  personUrl: `${personUrl}?format=json`,
  headers: ({ accessToken }) => ({ authorization: `OAuth ${accessToken}` }),
  claims: (person) => ({
    iss: personUrl,
    sub: idOf(person.id),
    given_name: textOf(person.first_name),
    family_name: textOf(person.last_name),
    picture: person.is_avatar_empty
      ? ''
      : `https://avatars.yandex.net/get-yapic/${textOf(person.default_avatar_id)}/islands-200`,
    email: textOf(person.default_email),
    gender: textOf(person.sex),
    birthdate: textOf(person.birthday),
  }),
})
