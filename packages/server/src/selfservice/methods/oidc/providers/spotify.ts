import { isTree } from '../../../../kernel/config/walk.ts'
import { personProvider, textOf } from './person.ts'

const tokenUrl = 'https://accounts.spotify.com/api/token'

export const spotify = personProvider({
  endpoints: { authorizationUrl: 'https://accounts.spotify.com/authorize', tokenUrl, clientAuth: 'header' },
  grantedScopes: ' ',
  personUrl: 'https://api.spotify.com/v1/me',
  claims(person) {
    const [image] = Array.isArray(person.images) ? (person.images as unknown[]) : []
    const { spotify: profile } = isTree(person.external_urls) ? person.external_urls : {}
    const name = textOf(person.display_name)
    return {
      iss: tokenUrl,
      sub: textOf(person.id),
      ...{ name, nickname: name },
      email: textOf(person.email),
      picture: isTree(image) ? textOf(image.url) : '',
      profile: textOf(profile),
      birthdate: textOf(person.birthdate),
    }
  },
})
