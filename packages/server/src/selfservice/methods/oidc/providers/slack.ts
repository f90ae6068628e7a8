import { isTree } from '../../../../kernel/config/walk.ts'
import { unusable } from './http.ts'
import { personProvider, textOf } from './person.ts'

const personUrl = 'https://slack.com/api/users.identity'

/** Slack's first version of OAuth, whose scopes are those of the person. */
export const slack = personProvider({
  endpoints: {
    authorizationUrl: 'https://slack.com/oauth/authorize',
    tokenUrl: 'https://slack.com/api/oauth.access',
    clientAuth: 'body',
  },
  grantedScopes: ',',
  personUrl,
  claims({ ok, user, team }, at) {
    // Errors have status 200.
    if (ok !== true || !isTree(user)) throw unusable(at, personUrl, { reason: 'no user' })
    const name = textOf(user.name)
    return {
      iss: 'https://slack.com/oauth/',
      sub: textOf(user.id),
      ...{ name, preferred_username: name, nickname: name },
      email: textOf(user.email),
      email_verified: true,
      picture: textOf(user.image_512),
      team: isTree(team) ? textOf(team.id) : '',
    }
  },
})
