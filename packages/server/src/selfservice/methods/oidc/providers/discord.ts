import { personProvider, textOf } from './person.ts'

const api = 'https://discord.com/api/v9'
const base = 'https://discord.com/api/v9/oauth2/'

/** Discord shows its consent page only if somebody signs in again. */
export const discord = personProvider({
  endpoints: { authorizationUrl: `${base}authorize`, tokenUrl: `${base}token`, clientAuth: 'header' },
  parameters: (_at, { isForced }) => ({ prompt: isForced ? 'consent' : 'none' }),
  grantedScopes: ' ',
  personUrl: `${api}/users/@me`,
  claims(person) {
    const [id, name, avatar] = [textOf(person.id), textOf(person.username), textOf(person.avatar)]
    const kind = avatar.startsWith('a_') ? 'gif' : 'png'
    return {
      iss: base,
      sub: id,
      name: `${name}#${textOf(person.discriminator)}`,
      nickname: name,
      preferred_username: name,
      picture: avatar ? `https://cdn.discordapp.com/avatars/${id}/${avatar}.${kind}` : '',
      email: textOf(person.email),
      email_verified: person.verified === true,
      locale: textOf(person.locale),
    }
  },
})
