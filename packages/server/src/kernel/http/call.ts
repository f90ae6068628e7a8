import type { FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'
import type { Context } from '../context.ts'
import { readCookie } from './cookies.ts'
import { Csrf, type CsrfSettings } from './csrf.ts'

/** One request as handlers see it. */
export class Call {
  readonly #request: FastifyRequest
  readonly #ctx: Context
  readonly #csrfSettings: CsrfSettings
  #csrf: Csrf | undefined
  #search: URLSearchParams | undefined
  #target: string | undefined
  #id: string | undefined

  constructor(request: FastifyRequest, ctx: Context, csrfSettings: CsrfSettings) {
    this.#request = request
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

  /** The same request as if it had been sent to another target. Both share one anti-CSRF token. */
  at(target: string): Call {
    const other = new Call(this.#request, this.#ctx, this.#csrfSettings)
    other.#target = target
    other.#csrf = this.csrf
    return other
  }

  get path(): string {
    const end = this.target.indexOf('?')
    return end === -1 ? this.target : this.target.slice(0, end)
  }

  /** The request's name in logs: what the caller or a proxy has given it, otherwise our own. */
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

  cookie(name: string): string | undefined {
    return readCookie(this.#request.headers.cookie, name)
  }

  get contentType(): string {
    return (this.header('content-type') ?? '').replace(/;.*/s, '').trim().toLowerCase()
  }

  /** The body as sent; empty where there is none. */
  get bodyText(): string {
    return typeof this.#request.body === 'string' ? this.#request.body : ''
  }

  /** The address of the peer, or of the client behind a trusted proxy. */
  get ip(): string {
    return this.#request.ip
  }

  get userAgent(): string {
    return (this.header('user-agent') ?? '').slice(0, 512)
  }

  /** Only a client that prefers exactly JSON gets JSON where a browser would be redirected. */
  get wantsJson(): boolean {
    return prefersJson(this.header('accept')) || this.header('content-type') === 'application/json'
  }

  get csrf(): Csrf {
    this.#csrf ??= new Csrf(this.#csrfSettings, this.#request.headers.cookie, this.#ctx.random)
    return this.#csrf
  }

  /** The token state, if anything in this request asked for it. */
  get csrfIfUsed(): Csrf | undefined {
    return this.#csrf
  }
}

/** The name that a caller has given a request, where it is one that can be written into a log. */
export function requestId(given: string | undefined): string | undefined {
  return /^[\w.-]{1,64}$/.exec(given ?? '')?.[0]
}

function prefersJson(accept: string | undefined): boolean {
  if (accept === undefined) return false
  // Most apps send exactly this.
  if (accept === json) return true
  return new Negotiator({ headers: { accept } }).mediaTypes()[0]?.toLowerCase() === json
}

const json = 'application/json'
