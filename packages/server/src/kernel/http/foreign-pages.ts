import { ApiError } from '@latchkey/api'
import type { Call } from './call.ts'
import { allows, type CorsSettings } from './cors.ts'
import { isTrustedHost } from './trusted-host.ts'

export interface ForeignPagesOptions {
  /** The address at which administrators open pages of this listener, if it has one. */
  readonly baseUrl: string
  readonly cors: CorsSettings | undefined
}

/**
 * Refuses requests that a page of another site sends from the browser of somebody who can reach the listener. Such a
 * listener asks for no token, so the network is its only protection, and the browser is inside of it. Programs send
 * neither of the headers.
 * @throws ApiError 403
 */
export function refuseForeignPages(call: Pick<Call, 'header'>, { baseUrl, cors }: ForeignPagesOptions): void {
  const origin = call.header('origin')
  if (origin !== undefined && cors && allows(cors, origin)) return
  const isForeign = origin !== undefined && !isOwnOrigin(origin, call.header('host'), baseUrl)
  if (!isForeign && call.header('sec-fetch-site') !== 'cross-site') return
  throw ApiError.forbidden({ reason: 'Pages of other origins may not send requests to this address.' })
}

/** Whether the page is of this listener. Its host is checked too, because a foreign name can resolve to this machine. */
function isOwnOrigin(origin: string, host: string | undefined, baseUrl: string): boolean {
  if (!URL.canParse(origin)) return false
  const page = new URL(origin)
  if (URL.canParse(baseUrl) && new URL(baseUrl).origin === page.origin) return true
  return page.host === host?.toLowerCase() && isTrustedHost(host, baseUrl)
}
