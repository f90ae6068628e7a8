import type { Context } from '../../kernel/context.ts'
import { parseJson } from '../../kernel/http/index.ts'
import type { Flow } from '../flow/flow.ts'
import { startPageUrl } from '../flow/urls.ts'
import { type CaptchaProvider, captchaConfig, protectedFlows, providerOf } from './provider.ts'

const timeoutMs = 5000
const maxAnswerBytes = 16 * 1024

/** What a provider says of a token; `unavailable` if it said nothing of use. */
export type Verdict = 'accepted' | 'refused' | 'unavailable'

/** Error codes that tell of a wrong configuration or of an outage. All others can be caused by the token. */
const notOfToken = /secret|sitekey|internal-error|invalid-keys/

/**
 * Asks the provider about a token (`siteverify` of Turnstile, hCaptcha and reCAPTCHA, which are alike). The token has to
 * be made on a page of ours and for this flow, where the provider tells. Addresses of clients are not sent.
 */
export async function verifyToken(ctx: Context, flow: Flow, token: string): Promise<Verdict> {
  const config = captchaConfig(ctx)
  if (!config) return 'refused'
  const provider = providerOf(config)
  const answer = await ask(ctx, provider, token)
  if (typeof answer === 'string') return answer
  if (answer.success !== true) {
    const codes = errorCodes(answer)
    if (!codes.some((code) => notOfToken.test(code))) return 'refused'
    ctx.log.error({ captcha: provider.name, error_codes: codes }, 'the provider of the captcha refused the request')
    return 'unavailable'
  }
  const { hostname, action, score } = answer
  const isForFlow = typeof action !== 'string' || action === '' || action === flow.name
  const isPerson = provider.minScore === undefined || (typeof score === 'number' && score >= provider.minScore)
  return isForFlow && isPerson && isOwnHost(ctx, provider, hostname, config.allowed_domains) ? 'accepted' : 'refused'
}

type Answer = Record<string, unknown>

/** A token must not be able to cause what counts as an outage, so that a client error of the provider is a refusal. */
async function ask(ctx: Context, provider: CaptchaProvider, token: string): Promise<Answer | Verdict> {
  const { name, secret, sitekey, verifyUrl } = provider
  const body = new URLSearchParams({ secret, response: token, ...(name === 'hcaptcha' && { sitekey }) }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
  const limits = { timeoutMs, maxBytes: maxAnswerBytes, maxRedirects: 0 }
  try {
    const { status, text } = await ctx.fetch(verifyUrl, { method: 'POST', headers, body, ...limits })
    const answer = status < 500 ? answerIn(text) : undefined
    if (answer) return answer
    ctx.log.error({ captcha: name, status }, 'the provider of the captcha gave an answer that cannot be used')
    return status >= 400 && status < 500 && status !== 429 ? 'refused' : 'unavailable'
  } catch (error) {
    ctx.log.error({ err: error, captcha: name }, 'the provider of the captcha could not be asked')
    return 'unavailable'
  }
}

function answerIn(text: string): Answer | undefined {
  try {
    const answer = parseJson(text)
    const isUsable =
      typeof answer === 'object' && answer !== null && typeof Reflect.get(answer, 'success') === 'boolean'
    return isUsable ? (answer as Answer) : undefined
  } catch {
    return undefined
  }
}

const mostCodes = 10
const longestCode = 64

function errorCodes({ 'error-codes': codes }: Answer): string[] {
  const texts = Array.isArray(codes) ? codes.filter((code) => typeof code === 'string') : []
  return texts.slice(0, mostCodes).map((code) => code.slice(0, longestCode))
}

/**
 * Whether the widget was shown on a host of the configuration: an allowed domain or one below it, or else the host of a
 * page of ours. hCaptcha leaves the name out under load.
 */
function isOwnHost(ctx: Context, { name }: CaptchaProvider, hostname: unknown, allowed: readonly string[]): boolean {
  if (typeof hostname !== 'string' || hostname === '') return true
  if (name === 'hcaptcha' && hostname === 'not-provided') return true
  const host = hostname.toLowerCase()
  if (allowed.length > 0)
    return allowed.some((one) => host === one.toLowerCase() || host.endsWith(`.${one.toLowerCase()}`))
  return ownHosts(ctx).has(host)
}

function ownHosts(ctx: Context): Set<string> {
  const pages = protectedFlows.map((name) => startPageUrl(ctx, name))
  const addresses = [ctx.config.identity.serve.public.base_url, ...pages]
  return new Set(addresses.filter((one) => URL.canParse(one)).map((one) => new URL(one).hostname))
}
