import { createHmac } from 'node:crypto'
import { ApiError } from '@latchkey/api'
import { requestObject, requestText, unusable } from './http.ts'
import { textOf } from './person.ts'
import type { Provider, ProviderCall } from './provider.ts'

const api = 'https://api.twitter.com'
const requestTokenUrl = `${api}/oauth/request_token`
const authenticateUrl = `${api}/oauth/authenticate`
const accessTokenUrl = `${api}/oauth/access_token`
const personUrl = `${api}/1.1/account/verify_credentials.json`

/** X (Twitter), by OAuth 1.0a (RFC 5849). The state is in the address to which the browser comes back. */
export const x: Provider = {
  async begin(at, { state }) {
    const callback = new URL(at.redirectUri)
    callback.searchParams.set('state', state)
    const answer = await post(at, requestTokenUrl, { parameters: { oauth_callback: callback.toString() } })
    if (answer.get('oauth_callback_confirmed') !== 'true')
      throw unusable(at, requestTokenUrl, { reason: 'the callback is not confirmed' })
    const url = new URL(authenticateUrl)
    url.searchParams.set('oauth_token', answer.get('oauth_token') ?? '')
    return {
      url: url.toString(),
      kept: {
        requestToken: answer.get('oauth_token') ?? '',
        requestTokenSecret: answer.get('oauth_token_secret') ?? '',
      },
    }
  },

  async complete(at, returned, { requestToken, requestTokenSecret }) {
    if (returned.get('denied')) throw ApiError.badRequest({ reason: 'The sign-in at X was refused.' })
    const token = returned.get('oauth_token') ?? ''
    const verifier = returned.get('oauth_verifier') ?? ''
    if (!verifier || !requestToken || token !== requestToken)
      throw ApiError.badRequest({ reason: 'The response is not for the request that was made at X.' })
    const answer = await post(at, accessTokenUrl, {
      token: { key: token, secret: requestTokenSecret ?? '' },
      parameters: { oauth_verifier: verifier },
    })
    const access = { key: answer.get('oauth_token') ?? '', secret: answer.get('oauth_token_secret') ?? '' }
    const query: Record<string, string> = at.config.scope.includes('email') ? { include_email: 'true' } : {}
    const url = `${personUrl}${query.include_email ? '?include_email=true' : ''}`
    const authorization = authorize(at, { method: 'GET', url: personUrl, token: access, query })
    const person = await requestObject(at, url, { headers: { authorization } })
    return {
      claims: {
        iss: url,
        sub: textOf(person.id_str),
        name: textOf(person.name),
        picture: textOf(person.profile_image_url_https),
        email: textOf(person.email),
        preferred_username: textOf(person.screen_name),
        website: textOf(person.url),
      },
    }
  },
}

interface Secret {
  readonly key: string
  readonly secret: string
}

async function post(
  at: ProviderCall,
  url: string,
  { token, parameters }: { token?: Secret; parameters: Record<string, string> },
): Promise<URLSearchParams> {
  const authorization = authorize(at, { method: 'POST', url, parameters, ...(token && { token }) })
  const answer = new URLSearchParams(
    await requestText(at, url, { method: 'POST', headers: { authorization }, maxRedirects: 0 }),
  )
  if (!answer.get('oauth_token')) throw unusable(at, url, { reason: 'no oauth_token' })
  return answer
}

interface Signed {
  readonly method: string
  readonly url: string
  readonly token?: Secret
  readonly parameters?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
}

/** The Authorization header with a signature by HMAC-SHA1 (RFC 5849, sections 3.4.1 and 3.5.1). */
function authorize({ ctx, config }: ProviderCall, { method, url, token, parameters = {}, query = {} }: Signed): string {
  const oauth: Record<string, string> = {
    oauth_consumer_key: config.client_id,
    oauth_nonce: ctx.random.token(32),
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(Math.floor(ctx.clock.now() / 1000)),
    oauth_version: '1.0',
    ...(token && { oauth_token: token.key }),
    ...parameters,
  }
  const pairs = Object.entries({ ...oauth, ...query })
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
  const base = [method, encode(url), encode(pairs.join('&'))].join('&')
  const key = `${encode(config.client_secret ?? '')}&${encode(token?.secret ?? '')}`
  const signature = createHmac('sha1', key).update(base).digest('base64')
  const header = Object.entries({ ...oauth, oauth_signature: signature })
  return `OAuth ${header.map(([name, value]) => `${encode(name)}="${encode(value)}"`).join(', ')}`
}

/** RFC 5849, section 3.6. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}
