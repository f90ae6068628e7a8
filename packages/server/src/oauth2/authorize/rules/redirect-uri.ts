import { isLoopback, parseRequestUri } from '../../clients/uris.ts'
import { invalidRequest } from '../../errors.ts'
import { type AuthorizationDraft, clientOf, parameter } from '../request.ts'

/**
 * The redirect URI is registered, letter by letter (RFC 9700, section 2.1), except that the port of a loopback address
 * is that of the request (RFC 8252, section 7.3). It can only be omitted if there is one, and not with OpenID Connect.
 */
export function checkRedirectUri(draft: AuthorizationDraft): void {
  const given = parameter(draft, 'redirect_uri')
  const { redirect_uris: registered } = clientOf(draft).metadata
  if (given === '' && draft.scopes.includes('openid'))
    throw invalidRequest('The redirect_uri is required with OpenID Connect.')
  const found = given === '' ? onlyOf(registered ?? []) : (registered ?? []).find((uri) => matches(given, uri))
  if (found === undefined || !isUsable(found)) throw invalidRequest('The redirect_uri is none of those of the client.')
  draft.redirectUri = given === '' ? found : given
}

function onlyOf(uris: readonly string[]): string | undefined {
  return uris.length === 1 ? uris[0] : undefined
}

function matches(given: string, registered: string): boolean {
  if (given === registered) return true
  if (!given.startsWith('http://') || !URL.canParse(given) || !URL.canParse(registered)) return false
  const [asked, known] = [new URL(given), new URL(registered)]
  return (
    isLoopback(asked.hostname) &&
    known.protocol === 'http:' &&
    asked.hostname === known.hostname &&
    asked.pathname === known.pathname &&
    asked.search === known.search &&
    asked.hash === '' &&
    asked.username === '' &&
    asked.password === ''
  )
}

/** An absolute URI with a scheme: a path of our own origin is none. */
function isUsable(uri: string): boolean {
  const parsed = parseRequestUri(uri)
  return parsed !== undefined && parsed.scheme !== '' && !uri.includes('#')
}
