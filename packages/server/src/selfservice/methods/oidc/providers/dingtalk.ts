import type { Tree } from '../../../../kernel/config/walk.ts'
import { requestObject, tokensFrom, unusable } from './http.ts'
import { personProvider, textOf } from './person.ts'

const tokenUrl = 'https://api.dingtalk.com/v1.0/oauth2/userAccessToken'
const personUrl = 'https://api.dingtalk.com/v1.0/contact/users/me'

/** DingTalk exchanges codes by JSON with names of its own. */
export const dingtalk = personProvider({
  endpoints: { authorizationUrl: 'https://login.dingtalk.com/oauth2/auth', tokenUrl, clientAuth: 'body' },
  parameters: () => ({ prompt: 'consent' }),
  async exchange(at, code) {
    const { client_id: clientId, client_secret: clientSecret } = at.config
    const response = await requestObject(at, tokenUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ clientId, clientSecret, code, grantType: 'authorization_code' }),
      maxRedirects: 0,
    })
    if (!response.accessToken) throw unusable(at, tokenUrl, { reason: 'no access token' })
    return tokensFrom({ ...response, access_token: response.accessToken, refresh_token: response.refreshToken })
  },
  personUrl,
  headers: ({ accessToken }) => ({ 'x-acs-dingtalk-access-token': accessToken }),
  claims: (person: Tree) => ({
    iss: personUrl,
    sub: textOf(person.openId),
    nickname: textOf(person.nick),
    name: textOf(person.nick),
    picture: textOf(person.avatarUrl),
    email: textOf(person.email),
  }),
})
