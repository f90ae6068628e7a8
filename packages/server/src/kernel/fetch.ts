import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import {
  Agent,
  type Dispatcher,
  Response as UndiciResponse,
  fetch as undiciFetch,
  request as undiciRequest,
} from 'undici'
import { matchesUrlPattern } from './url-patterns.ts'

export type Fetch = (url: string, init?: FetchInit) => Promise<Answer>

export interface FetchInit {
  method?: string
  headers?: Record<string, string>
  body?: string
  timeoutMs?: number
  /** Largest body that is read; default 1 MiB. */
  maxBytes?: number
  /** For URLs that the operator configured. */
  allowPrivate?: boolean
  /** The maximum number of redirects; default 3. Each is checked like the first URL. */
  maxRedirects?: number
}

export interface Answer {
  status: number
  headers: Headers
  text: string
}

export class FetchError extends Error {}

/** Outgoing HTTP as configured by `clients.http`. */
export function configuredFetch(http: {
  disallow_private_ip_ranges: boolean
  private_ip_exception_urls?: readonly string[]
}): Fetch {
  const { disallow_private_ip_ranges: publicOnly, private_ip_exception_urls: exceptions = [] } = http
  return guardedFetch({ allowPrivate: !publicOnly, exceptions })
}

/**
 * Outgoing HTTP with limits on time and size. Private addresses are rejected, also after DNS resolution and redirects,
 * unless the URL matches one of the `exceptions`.
 */
export function guardedFetch(options: { allowPrivate: boolean; exceptions?: readonly string[] }): Fetch {
  const { exceptions = [] } = options
  return async (url, init = {}) => {
    const allowAll = options.allowPrivate || init.allowPrivate === true
    const signal = AbortSignal.timeout(init.timeoutMs ?? 10_000)
    let target = url
    let sent = init
    for (let redirects = 0; ; redirects++) {
      const parsed = parsedUrl(target)
      const allowPrivate = allowAll || matchesUrlPattern(parsed, exceptions)
      if (!allowPrivate) refusePrivate(parsed)
      const response = await request(parsed, sent, { dispatcher: allowPrivate ? open : guarded, signal })
      const location = response.headers.get('location')
      if (response.status < 300 || response.status > 399 || !location) {
        return {
          status: response.status,
          headers: response.headers,
          text: await readBounded(response, init.maxBytes ?? 1 << 20),
        }
      }
      await response.body?.cancel()
      if (redirects >= (init.maxRedirects ?? 3)) throw new FetchError('too many redirects')
      const next = new URL(location, parsed)
      sent = redirectInit(sent, { status: response.status, isOtherOrigin: next.origin !== parsed.origin })
      target = next.toString()
    }
  }
}

/**
 * The request that follows a redirect (Fetch standard, HTTP-redirect fetch): a GET without the body, except that 307
 * and 308 repeat the request. A body is meant for the configured origin and is not repeated to another one.
 */
function redirectInit(
  init: FetchInit,
  { status, isOtherOrigin }: { status: number; isOtherOrigin: boolean },
): FetchInit {
  const method = (init.method ?? 'GET').toUpperCase()
  const becomesGet = status === 303 ? !['GET', 'HEAD'].includes(method) : status < 303 && method === 'POST'
  const { body: _, ...withoutBody } = init
  const next = becomesGet ? { ...withoutBody, method: 'GET', headers: withoutContentHeaders(init.headers) } : init
  if (!isOtherOrigin) return next
  if (next.body !== undefined) throw new FetchError('a redirect to another origin would take the body there')
  return withoutSecrets(next)
}

function withoutContentHeaders(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-/i.test(name)))
}

/** Headers may contain credentials for the configured host, so they are not sent to the target of a redirect. */
function withoutSecrets({ headers = {}, ...init }: FetchInit): FetchInit {
  const harmless = Object.entries(headers).filter(([name]) => ['content-type', 'accept'].includes(name.toLowerCase()))
  return { ...init, headers: Object.fromEntries(harmless) }
}

interface How {
  dispatcher: Dispatcher
  signal: AbortSignal
}

async function request(url: URL, init: FetchInit, how: How): Promise<Response> {
  const method = (init.method ?? 'GET').toUpperCase()
  try {
    if (init.body !== undefined && (method === 'GET' || method === 'HEAD')) return await withBody(url, init, how)
    const sent = { method, headers: init.headers, body: init.body, redirect: 'manual', ...how } as const
    return (await undiciFetch(url, sent)) as unknown as Response
  } catch (error) {
    throw new FetchError(`request to ${url.host} failed`, { cause: error })
  }
}

/** The Fetch standard has no GET with a body, which Go sends and web hooks may be configured to use. */
async function withBody(url: URL, init: FetchInit, how: How): Promise<Response> {
  const { method, headers = {}, body } = init
  const answer = await undiciRequest(url, { method: method as Dispatcher.HttpMethod, headers, body, ...how })
  const values = Object.entries(answer.headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  )
  const isEmpty = [204, 205, 304].includes(answer.statusCode)
  if (isEmpty) await answer.body.dump()
  const options = { status: answer.statusCode, headers: values }
  return new UndiciResponse(isEmpty ? null : answer.body, options) as unknown as Response
}

async function readBounded(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxBytes) throw new FetchError(`response is larger than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parsedUrl(target: string): URL {
  if (!URL.canParse(target)) throw new FetchError('not a URL')
  const url = new URL(target)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new FetchError(`scheme ${url.protocol} is not allowed`)
  return url
}

function refusePrivate(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (ipaddr.isValid(host) && !isPublic(host)) throw new FetchError('private addresses are not allowed')
}

/** Whether an address is publicly routable (not a special-purpose address, RFC 6890). */
export function isPublic(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast'
}

/** Connects to the address that was checked, which prevents DNS rebinding. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, [])
    const refused = addresses.find(({ address }) => !isPublic(address))
    if (refused) return callback(new FetchError('private addresses are not allowed'), [])
    if (options.all) return callback(null, addresses)
    callback(null, addresses[0]?.address ?? '', addresses[0]?.family)
  })
}

const open = new Agent()
const guarded = new Agent({ connect: { lookup: publicLookup } })
