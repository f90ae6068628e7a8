import { isTree, type Tree } from '../../../../kernel/config/walk.ts'
import { discover } from './documents.ts'
import { bearer, requestObject } from './http.ts'
import { openid } from './openid.ts'
import { personProvider, textOf } from './person.ts'

const api = 'https://api.linkedin.com/v2'
const emailUrl = `${api}/emailAddress?q=members&projection=(elements*(handle~))`

/** Sign In with LinkedIn, before it was OpenID Connect. */
export const linkedin = personProvider({
  endpoints: {
    authorizationUrl: 'https://www.linkedin.com/oauth/v2/authorization',
    tokenUrl: 'https://www.linkedin.com/oauth/v2/accessToken',
    clientAuth: 'body',
  },
  personUrl: `${api}/me?projection=(id,localizedFirstName,localizedLastName,profilePicture(displayImage~digitalmediaAsset:playableStreams))`,
  async claims(person, at, tokens) {
    const { elements } = await requestObject(at, emailUrl, { headers: bearer(tokens) })
    const handle = member(first(elements), 'handle~')
    return {
      iss: 'https://login.linkedin.com/',
      sub: textOf(person.id),
      email: textOf(handle.emailAddress),
      given_name: textOf(person.localizedFirstName),
      last_name: textOf(person.localizedLastName),
      picture: pictureOf(person),
    }
  },
})

/** Sign In with LinkedIn by OpenID Connect. */
export const linkedinV2 = openid({
  metadata: async (at) => ({ ...(await discover(at, 'https://www.linkedin.com/oauth')), clientAuth: 'body' }),
  claimsSource: 'userinfo',
})

/** The third size, or the largest that there is. */
function pictureOf(person: Tree): string {
  const { elements } = member(member(person, 'profilePicture'), 'displayImage~')
  const sizes = Array.isArray(elements) ? elements.slice(0, 3) : []
  return textOf(first(asTree(sizes.at(-1)).identifiers).identifier)
}

function member(tree: Tree, name: string): Tree {
  return asTree(tree[name])
}

function first(list: unknown): Tree {
  return asTree(Array.isArray(list) ? list[0] : undefined)
}

function asTree(value: unknown): Tree {
  return isTree(value) ? value : {}
}
