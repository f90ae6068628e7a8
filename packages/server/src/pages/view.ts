import { type Language, type Links, languages, type View } from '@latchkey/pages'
import type { Context } from '../kernel/context.ts'
import type { Call } from '../kernel/http/index.ts'
import { preferredLanguage } from '../kernel/http/language.ts'
import { publicUrl, startPageUrl } from '../selfservice/index.ts'
import { experienceOf } from './experience.ts'

/** How a page is rendered for this reader: language, project name, theme and links. */
export function viewOf(ctx: Context, call: Call): View {
  const { logoUrl, logoDarkUrl, theme, name } = experienceOf(ctx)
  return {
    language: languageFor(ctx, call),
    project: { name: name ?? ctx.project.name, logoUrl, logoDarkUrl },
    theme,
    links: linksOf(ctx),
    basePath: basePath(ctx),
    csrf: call.csrf.formToken(),
  }
}

/** The path prefix of all pages, including the path of the base URL. */
export function basePath(ctx: Context): string {
  return publicUrl(ctx, 'ui').pathname
}

function languageFor(ctx: Context, call: Call): Language {
  const { fixedLanguage, offered } = experienceOf(ctx)
  return fixedLanguage ?? preferredLanguage(call.header('accept-language'), [...offered, ...languages.slice(0, 1)])
}

function linksOf(ctx: Context): Links {
  const { flows } = ctx.config.identity.selfservice
  const { showsRegistration, privacy, terms, contact } = experienceOf(ctx)
  return {
    login: startPageUrl(ctx, 'login'),
    registration: flows.registration.enabled && showsRegistration ? startPageUrl(ctx, 'registration') : undefined,
    recovery: flows.recovery.enabled ? startPageUrl(ctx, 'recovery') : undefined,
    verification: flows.verification.enabled ? startPageUrl(ctx, 'verification') : undefined,
    settings: startPageUrl(ctx, 'settings'),
    sessions: `${basePath(ctx)}/sessions`,
    logout: `${basePath(ctx)}/logout`,
    privacy,
    terms,
    contact,
  }
}
