import { type Language, languages, type Theme } from '@latchkey/pages'
import type { Context } from '../kernel/context.ts'
import { type AccountExperience, themeVariables } from './config.ts'

/** The appearance of a project's pages. */
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

const read = new WeakMap<AccountExperience, Experience>()

export function experienceOf(ctx: Context): Experience {
  const config = ctx.config.accountExperience
  const known = read.get(config)
  if (known) return known
  const made = fromConfig(config)
  read.set(config, made)
  return made
}

function fromConfig(config: AccountExperience): Experience {
  const light = themeVariables(config.theme_variables_light ?? '')
  const dark = themeVariables(config.theme_variables_dark ?? '')
  const first = languages.find((one) => one === config.default_locale)
  const some = languages.filter((one) => config.enabled_locales?.includes(one))
  return {
    name: config.name?.trim() ? config.name : undefined,
    logoUrl: config.logo_light_url || config.logo_light || undefined,
    logoDarkUrl: config.logo_dark_url || config.logo_dark || undefined,
    ...((light || dark) && { theme: { light, dark } }),
    fixedLanguage: config.locale_behavior === 'force_default' ? first : undefined,
    offered: [...new Set([...(first ? [first] : []), ...(some.length > 0 ? some : languages)])],
    showsRegistration: !config.hide_registration_link,
    privacy: config.privacy_policy_url || undefined,
    terms: config.terms_of_service_url || undefined,
    contact: config.contact_url || undefined,
  }
}
