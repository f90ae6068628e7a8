import type { ElementsConfiguration } from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import { startPageUrl } from './flow/urls.ts'

/** The settings of the project that Ory Elements uses to show flows (Ory Network). Relative addresses become absolute. */
export function elementsConfiguration(ctx: Context): ElementsConfiguration {
  const { config } = ctx
  const { serve, selfservice } = config.identity
  const { flows, default_browser_return_url: defaultUrl } = selfservice
  const absolute = (url: string) => new URL(url, serve.public.base_url).toString()
  return {
    name: config.accountExperience.name?.trim() || ctx.project.name,
    default_redirect_url: absolute(defaultUrl),
    error_ui_url: absolute(flows.error.ui_url),
    login_ui_url: startPageUrl(ctx, 'login'),
    recovery_ui_url: startPageUrl(ctx, 'recovery'),
    registration_ui_url: startPageUrl(ctx, 'registration'),
    settings_ui_url: startPageUrl(ctx, 'settings'),
    verification_ui_url: startPageUrl(ctx, 'verification'),
    recovery_enabled: flows.recovery.enabled,
    registration_enabled: flows.registration.enabled,
    verification_enabled: flows.verification.enabled,
    // There is nothing of Ory on the pages.
    hide_ory_branding: true,
    hide_registration_link: config.accountExperience.hide_registration_link,
    ...appearance(config.accountExperience),
  }
}

/** The configured addresses; empty ones count as absent. */
function appearance(experience: Context['config']['accountExperience']) {
  const urls = {
    logo_dark_url: experience.logo_dark_url || experience.logo_dark,
    logo_light_url: experience.logo_light_url || experience.logo_light,
    contact_url: experience.contact_url,
    privacy_policy_url: experience.privacy_policy_url,
    terms_of_service_url: experience.terms_of_service_url,
  }
  return Object.fromEntries(Object.entries(urls).filter(([, url]) => url)) as Partial<typeof urls>
}
