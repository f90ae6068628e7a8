import { ApiError } from '@latchkey/api'
import { isTree, type Tree } from '../../../../kernel/config/walk.ts'
import { type Answer, FetchError, type FetchInit } from '../../../../kernel/fetch.ts'
import { hasMoreValues } from '../../../../kernel/http/index.ts'
import type { ProviderCall, Tokens } from './provider.ts'

const maxBytes = 256 << 10
const mostValues = 10_000

/** Requests JSON from a provider. Throws 502 unless it answers with status 200 and an object. */
export async function requestObject(at: ProviderCall, url: string, init: FetchInit = {}): Promise<Tree> {
  const value = parseObject(await requestText(at, url, init))
  if (!value) throw unusable(at, url, { reason: 'no JSON object' })
  return value
}

/** Requests a text from a provider. Throws 502 unless it answers with status 200. */
export async function requestText(at: ProviderCall, url: string, init: FetchInit = {}): Promise<string> {
  const answer = await request(at, url, init)
  if (answer.status !== 200) throw unusable(at, url, { status: answer.status })
  return answer.text
}

async function request({ ctx, config }: ProviderCall, url: string, init: FetchInit): Promise<Answer> {
  try {
    const headers = { accept: 'application/json', 'user-agent': 'Latchkey', ...init.headers }
    return await ctx.fetch(url, { maxBytes, ...init, headers })
  } catch (error) {
    ctx.log.warn({ err: error, provider: config.id }, 'the sign-in provider cannot be reached')
    const reason = `The sign-in provider ${config.id} cannot be reached.`
    throw error instanceof FetchError || isAbort(error) ? ApiError.upstream(reason) : error
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name)
}

/** What the provider answers is logged without its content, which may have secrets. */
export function unusable({ ctx, config }: ProviderCall, url: string, why: object): ApiError {
  ctx.log.warn({ provider: config.id, host: new URL(url).host, ...why }, 'the sign-in provider gave an unusable answer')
  return ApiError.upstream(`The sign-in provider ${config.id} gave an answer that cannot be used.`)
}

function parseObject(text: string): Tree | undefined {
  if (hasMoreValues(text, mostValues)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isTree(value) ? value : undefined
  } catch {
    return undefined
  }
}

export interface CodeExchange {
  readonly tokenUrl: string
  readonly code: string
  readonly verifier: string | undefined
  /** Where the client authenticates (RFC 6749, section 2.3.1). */
  readonly clientAuth: 'header' | 'body'
  readonly clientSecret: string
  readonly parameters?: Readonly<Record<string, string>>
}

/** Exchanges an authorization code for tokens (RFC 6749, section 4.1.3). */
export async function exchangeCode(at: ProviderCall, exchange: CodeExchange): Promise<Tokens> {
  const { tokenUrl, code, verifier, clientAuth, clientSecret, parameters } = exchange
  const id = at.config.client_id
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: at.redirectUri,
    ...(verifier && { code_verifier: verifier }),
    ...(clientAuth === 'body' && { client_id: id, client_secret: clientSecret }),
    ...parameters,
  })
  const answer = await request(at, tokenUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(clientAuth === 'header' && { authorization: basic(id, clientSecret) }),
    },
    body: form.toString(),
    // Nothing but the token endpoint may get the code and the secret.
    maxRedirects: 0,
  })
  const response = tokenResponse(answer)
  // GitHub and others report errors with status 200.
  const isError = answer.status < 200 || answer.status > 299 || typeof response?.access_token !== 'string'
  if (!response || isError) throw unusable(at, tokenUrl, { status: answer.status, error: errorCode(response?.error) })
  return tokensFrom(response)
}

/** Some older servers answer with a form. */
function tokenResponse({ headers, text }: Answer): Tree | undefined {
  if (!headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')) return parseObject(text)
  return Object.fromEntries(new URLSearchParams(text))
}

/** The error codes of RFC 6749 are short words; anything else is not logged. */
function errorCode(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : undefined
}

export function tokensFrom(response: Tree): Tokens {
  const text = (name: string) => (typeof response[name] === 'string' ? (response[name] as string) : '')
  return {
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    response,
  }
}

function basic(id: string, secret: string): string {
  const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`
}

export function bearer({ accessToken }: Pick<Tokens, 'accessToken'>): Record<string, string> {
  return { authorization: `Bearer ${accessToken}` }
}
