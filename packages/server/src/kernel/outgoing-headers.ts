import type { Static } from 'typebox'
import type { requestAuth } from './config/request.ts'

/** The headers of a configured request. */
interface RequestHeaders {
  readonly headers: Readonly<Record<string, string>>
  readonly auth?: Static<typeof requestAuth>
}

/**
 * The headers of a configured request, with names in lower case. The content type is JSON unless the configuration
 * names another, and the credentials of `auth` replace a header of the same name, as in Kratos.
 */
export function outgoingHeaders({ headers, auth }: RequestHeaders): Record<string, string> {
  const configured = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  return { 'content-type': 'application/json', ...Object.fromEntries(configured), ...(auth && authorization(auth)) }
}

function authorization(auth: Static<typeof requestAuth>): Record<string, string> {
  if (auth.type === 'basic_auth') {
    const { user, password } = auth.config
    return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
  }
  const { name, value, in: place } = auth.config
  return place === 'cookie' ? { cookie: `${name}=${value}` } : { [name.toLowerCase()]: value }
}
