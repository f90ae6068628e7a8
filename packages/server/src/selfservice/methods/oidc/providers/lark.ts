import { personProvider, textOf } from './person.ts'

const base = 'https://passport.feishu.cn/suite/passport/oauth'

export const lark = personProvider({
  endpoints: { authorizationUrl: `${base}/authorize`, tokenUrl: `${base}/token`, clientAuth: 'body' },
  personUrl: `${base}/userinfo`,
  claims: (person) => ({
    iss: `${base}/userinfo`,
    sub: textOf(person.open_id),
    name: textOf(person.name),
    nickname: textOf(person.name),
    picture: textOf(person.avatar_url),
    email: textOf(person.email),
    phone_number: textOf(person.mobile),
  }),
})
