import { languages, type ThemeVariables } from '@latchkey/pages'
import Type, { type Static } from 'typebox'
import { choice, closedObject, flag } from '../kernel/config/schema-builders.ts'
import { ignoredKey, notSupported } from '../kernel/config/support.ts'

/** Empty where Ory Network has nothing. */
const link = () => Type.Optional(Type.String({ pattern: '^($|https?://|mailto:)', expected: 'an http(s) address' }))

const variables = () =>
  Type.Optional(
    Type.Unsafe<ThemeVariables | string>({
      type: ['object', 'string'],
      additionalProperties: { type: 'string' },
      expected: 'CSS variables by name, or the same as JSON',
    }),
  )

const locale = () => notSupported(Type.String(), 'the pages are not translated into it', ['', ...languages])

const followReason = (what: string) => `it follows from ${what} of the identity service`
const uiUrl = () => ignoredKey(Type.Optional(Type.String()), followReason('the `ui_url` of each flow'))
const enabledKey = () => ignoredKey(Type.Optional(Type.Boolean()), followReason('`enabled` of each flow'))

/** `services.account_experience.config`: how the pages look, with Ory Network's names. */
export const accountExperience = closedObject({
  name: Type.Optional(Type.String({ maxLength: 200 })),
  logo_light: link(),
  logo_light_url: link(),
  logo_dark: link(),
  logo_dark_url: link(),
  favicon_light: notSupported(link()),
  favicon_light_url: notSupported(link()),
  favicon_dark: notSupported(link()),
  favicon_dark_url: notSupported(link()),
  theme_variables_light: variables(),
  theme_variables_dark: variables(),
  stylesheet: notSupported(Type.Optional(Type.String()), 'themes are made of variables only'),
  default_locale: Type.Optional(locale()),
  enabled_locales: Type.Optional(Type.Array(locale(), { maxItems: 100 })),
  locale_behavior: Type.Optional(choice(['force_default', 'respect_accept_language'])),
  translations: notSupported(Type.Optional(Type.Array(Type.Unknown()))),
  hide_registration_link: flag(false),
  hide_ory_branding: ignoredKey(Type.Optional(Type.Boolean()), 'the pages carry no branding but that of the project'),
  privacy_policy_url: link(),
  terms_of_service_url: link(),
  contact_url: link(),
  default_redirect_url: ignoredKey(
    Type.Optional(Type.String()),
    followReason('`selfservice.default_browser_return_url`'),
  ),
  error_ui_url: uiUrl(),
  login_ui_url: uiUrl(),
  recovery_ui_url: uiUrl(),
  registration_ui_url: uiUrl(),
  settings_ui_url: uiUrl(),
  verification_ui_url: uiUrl(),
  recovery_enabled: enabledKey(),
  registration_enabled: enabledKey(),
  verification_enabled: enabledKey(),
})

export type AccountExperience = Static<typeof accountExperience>

/** CSS variables as an object, its JSON or the base64 of that; none of what is no such thing. */
export function themeVariables(value: ThemeVariables | string): ThemeVariables | undefined {
  if (typeof value !== 'string') return value
  const prefix = 'base64://'
  const json = value.startsWith(prefix) ? Buffer.from(value.slice(prefix.length), 'base64').toString('utf8') : value
  try {
    const parsed: unknown = JSON.parse(json)
    return isVariables(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

function isVariables(value: unknown): value is ThemeVariables {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject && Object.values(value).every((one) => typeof one === 'string')
}

declare module '../kernel/project-config.ts' {
  interface ProjectConfig {
    readonly accountExperience: AccountExperience
  }
}
