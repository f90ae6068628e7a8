import { isTree, type Tree } from '../../../../kernel/config/walk.ts'
import type { Claims } from './claims.ts'
import { bearer, requestText, unusable } from './http.ts'
import { idOf, type PersonDefinition, personProvider, textOf } from './person.ts'
import type { ProviderCall, Tokens } from './provider.ts'

const tokenUrl = 'https://github.com/login/oauth/access_token'
const emailsUrl = 'https://api.github.com/user/emails'

const definition: Omit<PersonDefinition, 'claims'> = {
  endpoints: { authorizationUrl: 'https://github.com/login/oauth/authorize', tokenUrl, clientAuth: 'body' },
  personUrl: 'https://api.github.com/user',
}

/** GitHub as an OAuth app. The address is private, so that it is asked for if the scope `user:email` was granted. */
export const github = personProvider({
  ...definition,
  grantedScopes: ',',
  async claims(person, at, tokens) {
    const granted = textOf(tokens.response.scope).split(',')
    return { ...claimsOf(person), ...(granted.includes('user:email') && (await emailClaims(at, tokens))) }
  },
})

/** GitHub as a GitHub app, whose permissions are not scopes. */
export const githubApp = personProvider({
  ...definition,
  claims: async (person, at, tokens) => ({ ...claimsOf(person), ...(await emailClaims(at, tokens)) }),
})

function claimsOf(person: Tree): Claims {
  return {
    iss: tokenUrl,
    sub: idOf(person.id),
    name: textOf(person.name),
    nickname: textOf(person.login),
    website: textOf(person.blog),
    picture: textOf(person.avatar_url),
    profile: textOf(person.html_url),
    updated_at: Math.floor(Date.parse(textOf(person.updated_at)) / 1000) || 0,
  }
}

/** The primary address, else the last one. */
async function emailClaims(at: ProviderCall, tokens: Tokens): Promise<Partial<Claims>> {
  const list: unknown = parse(at, await requestText(at, emailsUrl, { headers: bearer(tokens) }))
  const emails = Array.isArray(list) ? list.filter(isTree) : []
  const chosen = emails.find(({ primary }) => primary === true) ?? emails.at(-1)
  return chosen ? { email: textOf(chosen.email), email_verified: chosen.verified === true } : {}
}

function parse(at: ProviderCall, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unusable(at, emailsUrl, { reason: 'no JSON' })
  }
}
