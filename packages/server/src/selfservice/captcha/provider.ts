import { flowNames } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Flow } from '../flow/flow.ts'

/** The flows whose forms can demand a captcha. */
export const protectedFlows = flowNames.filter((name) => name !== 'settings')

type ProviderName = 'turnstile' | 'hcaptcha' | 'recaptcha'

/** The provider of the widget, as configured. */
export interface CaptchaProvider {
  readonly name: ProviderName
  readonly sitekey: string
  readonly secret: string
  /** Where a token is verified. */
  readonly verifyUrl: string
  /** What the widget needs besides, in the options of the node. */
  readonly options: Readonly<Record<string, string>>
  /** The lowest score of a person (reCAPTCHA v3). */
  readonly minScore?: number
}

type CaptchaConfig = NonNullable<
  NonNullable<Context['config']['identity']['selfservice']['methods']['captcha']>['config']
>

const verifyUrls: Readonly<Record<ProviderName, string>> = {
  turnstile: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
  hcaptcha: 'https://api.hcaptcha.com/siteverify',
  recaptcha: 'https://www.google.com/recaptcha/api/siteverify',
}

/** The configuration of the captcha if it is switched on. */
export function captchaConfig({ config }: Pick<Context, 'config'>): CaptchaConfig | undefined {
  const { captcha } = config.identity.selfservice.methods
  return captcha?.enabled ? captcha.config : undefined
}

/** The one provider of a configuration; the schema admits no other number. */
export function providerOf(config: CaptchaConfig): CaptchaProvider {
  const { cf_turnstile: turnstile, hcaptcha, recaptcha, verify_url: verifyUrl } = config
  const provider = (name: ProviderName, keys: { sitekey: string; secret: string }) => ({
    ...{ name, sitekey: keys.sitekey, secret: keys.secret },
    verifyUrl: verifyUrl ?? verifyUrls[name],
    options: {},
  })
  if (turnstile) return provider('turnstile', turnstile)
  if (hcaptcha) return provider('hcaptcha', hcaptcha)
  if (!recaptcha) throw new Error('no provider of a captcha is configured')
  const { version, min_score: minScore } = recaptcha
  return { ...provider('recaptcha', recaptcha), options: { version }, ...(version === 'v3' && { minScore }) }
}

/** The name of the field of the token within the transient payload. */
export function tokenField({ name }: Pick<CaptchaProvider, 'name'>): string {
  return `captcha_${name}_response`
}

/** Whether every submission of the form of a flow has to contain a token. A second factor follows a first one. */
export function isAlwaysDemanded(ctx: Context, flow: Flow): boolean {
  const config = captchaConfig(ctx)
  if (config?.demand !== 'always' || flow.aal === 'aal2' || flow.testedProvider !== undefined) return false
  return config.flows.some((name) => name === flow.name)
}

/** Whether the form asks for a code that was sent; who asks for another one needs a token. */
export function awaitsCode({ state }: Pick<Flow, 'state'>): boolean {
  return state === 'sent_email' || state === 'recovery_awaiting_code'
}
