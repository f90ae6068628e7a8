import { type Language, languages, type Theme, type ThemeVariables } from '@latchkey/pages'
import type { Context } from '../kernel/context.ts'

/** The appearance settings of a project's pages (`services.account_experience.config`, with Ory Network's names). */
export interface Experience {
  name?: string
  logoUrl?: string
  logoDarkUrl?: string
  theme?: Theme
  /** A fixed language for the pages, regardless of the reader's preference. */
  fixedLanguage?: Language
  /** The available languages; the first is the fallback. */
  offered: readonly Language[]
  showsRegistration: boolean
  privacy?: string
  terms?: string
  contact?: string
}

type Config = Readonly<Record<string, unknown>>

const read = new WeakMap<Config, Experience>()

export function experienceOf(ctx: Context): Experience {
  const config = ctx.config.accountExperience
  const known = read.get(config)
  if (known) return known
  const made = fromConfig(config)
  read.set(config, made)
  return made
}

function fromConfig(config: Config): Experience {
  const [light, dark] = [variables(config.theme_variables_light), variables(config.theme_variables_dark)]
  const first = languages.find((one) => one === config.default_locale)
  const enabled = Array.isArray(config.enabled_locales) ? config.enabled_locales : []
  const some = languages.filter((one) => enabled.includes(one))
  return {
    name: text(config.name),
    logoUrl: address(config.logo_light_url ?? config.logo_light),
    logoDarkUrl: address(config.logo_dark_url ?? config.logo_dark),
    ...((light || dark) && { theme: { light, dark } }),
    fixedLanguage: config.locale_behavior === 'force_default' ? first : undefined,
    offered: [...new Set([...(first ? [first] : []), ...(some.length > 0 ? some : languages)])],
    showsRegistration: config.hide_registration_link !== true,
    privacy: address(config.privacy_policy_url),
    terms: address(config.terms_of_service_url),
    contact: address(config.contact_url),
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

function address(value: unknown): string | undefined {
  return typeof value === 'string' && /^(https?:\/\/|mailto:)/.test(value) ? value : undefined
}

/** CSS variables as an object or as its JSON. The stylesheet validates their values. */
function variables(value: unknown): ThemeVariables | undefined {
  if (typeof value !== 'string') return isObject(value) ? (value as ThemeVariables) : undefined
  const json = value.startsWith('base64://')
    ? Buffer.from(value.slice('base64://'.length), 'base64').toString('utf8')
    : value
  try {
    return variables(isObject(JSON.parse(json)) ? JSON.parse(json) : undefined)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
