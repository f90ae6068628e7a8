import type { X509Certificate } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'
import type { Context } from '../context.ts'
import { forwardedAddress } from './client-address.ts'
import { cookieValues, readCookies } from './cookies.ts'
import { Csrf, type CsrfSettings } from './csrf.ts'

/** The request passed to handlers. */
export class Call {
  readonly #request: FastifyRequest
  readonly #ctx: Context
  readonly #csrfSettings: CsrfSettings
  readonly #response: ServerResponse | undefined
  #csrf: Csrf | undefined
  #search: URLSearchParams | undefined
  #target: string | undefined
  #id: string | undefined
  #signal: AbortSignal | undefined

  /** Without the response, the client never counts as gone. */
  constructor(request: FastifyRequest, ctx: Context, csrfSettings: CsrfSettings, response?: ServerResponse) {
    this.#request = request
    this.#response = response
    this.#ctx = ctx
    this.#csrfSettings = csrfSettings
  }

  get method(): string {
    return this.#request.method
  }

  /** The request target: path and query as sent. */
  get target(): string {
    return this.#target ?? this.#request.url
  }

  /** A copy of the request with another target. Both share one anti-CSRF token. */
  at(target: string): Call {
    const other = new Call(this.#request, this.#ctx, this.#csrfSettings, this.#response)
    other.#target = target
    other.#csrf = this.csrf
    return other
  }

  get path(): string {
    const end = this.target.indexOf('?')
    return end === -1 ? this.target : this.target.slice(0, end)
  }

  /** The request ID, from the caller or a proxy, otherwise generated. */
  get id(): string {
    this.#id ??= requestId(this.header('x-request-id')) ?? this.#ctx.random.uuid()
    return this.#id
  }

  get params(): Record<string, string> {
    return this.#request.params as Record<string, string>
  }

  get search(): URLSearchParams {
    if (!this.#search) {
      const start = this.target.indexOf('?')
      this.#search = new URLSearchParams(start === -1 ? '' : this.target.slice(start + 1))
    }
    return this.#search
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  /** The values of all cookies of a name. */
  cookies(name: string): string[] {
    return readCookies(this.#request.headers.cookie, name)
  }

  /** All cookies by name. */
  get cookieValues(): Record<string, string> {
    return cookieValues(this.#request.headers.cookie)
  }

  get contentType(): string {
    return (this.header('content-type') ?? '').replace(/;.*/s, '').trim().toLowerCase()
  }

  /** The raw body; empty if there is none. */
  get bodyText(): string {
    return typeof this.#request.body === 'string' ? this.#request.body : ''
  }

  /** The address of the client behind a trusted proxy, or of the peer, without a port. */
  get ip(): string {
    return forwardedAddress(this.#request.ip) ?? this.#peer
  }

  /** Whether a trusted proxy did not name its client, so that `ip` is the address of the proxy. */
  get hidesClient(): boolean {
    return forwardedAddress(this.#request.ip) === undefined
  }

  /** Whether a peer that is not a trusted proxy sent `X-Forwarded-For`, which is ignored. */
  get hasUntrustedForwarding(): boolean {
    return this.header('x-forwarded-for') !== undefined && this.#request.ip === this.#peer
  }

  get #peer(): string {
    return this.#request.socket.remoteAddress ?? ''
  }

  /** The address of the peer itself, whatever proxies say. */
  get peer(): string {
    return this.#request.socket.remoteAddress ?? ''
  }

  /** The certificate of the client, whose key it has used in the TLS handshake. Whether it is trusted is not checked. */
  get peerCertificate(): X509Certificate | undefined {
    const { socket } = this.#request
    return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined
  }

  /** Aborted when the client disconnects before the response is complete, so that work for it can be abandoned. */
  get signal(): AbortSignal {
    this.#signal ??= goneSignal(this.#response)
    return this.#signal
  }

  get userAgent(): string {
    return (this.header('user-agent') ?? '').slice(0, 512)
  }

  /** Whether the client prefers exactly JSON, and therefore receives JSON instead of a redirect. */
  get wantsJson(): boolean {
    return prefersJson(this.header('accept')) || this.header('content-type') === 'application/json'
  }

  /** Whether the client prefers HTML to JSON, whatever it sends itself. */
  get prefersPage(): boolean {
    return !prefersJson(this.header('accept'))
  }

  get csrf(): Csrf {
    this.#csrf ??= new Csrf(this.#csrfSettings, this.#request.headers.cookie, this.#ctx)
    return this.#csrf
  }

  /** The anti-CSRF state, if it was used in this request. */
  get csrfIfUsed(): Csrf | undefined {
    return this.#csrf
  }
}

function goneSignal(response: ServerResponse | undefined): AbortSignal {
  const controller = new AbortController()
  if (response?.destroyed) controller.abort()
  response?.once('close', () => {
    if (!response.writableFinished) controller.abort()
  })
  return controller.signal
}

/** The request ID from the caller, if it is safe to log. */
export function requestId(given: string | undefined): string | undefined {
  return /^[\w.-]{1,64}$/.exec(given ?? '')?.[0]
}

function prefersJson(accept: string | undefined): boolean {
  if (accept === undefined) return false
  // The most common value of apps.
  if (accept === json) return true
  return new Negotiator({ headers: { accept } }).mediaTypes()[0]?.toLowerCase() === json
}

const json = 'application/json'
