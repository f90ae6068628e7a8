import type { Language } from '@latchkey/api'
import { TemplateError } from './gotemplate.ts'
import { htmlMail, textMail } from './layout.ts'
import type { Rendered, Template, TemplateData, TemplatePart, TemplateType } from './types.ts'
import { german } from './wording.de.ts'
import { english } from './wording.en.ts'
import type { Content, Wording } from './wording.ts'

/** Custom templates by message and part; missing parts use the built-in templates. */
export type CustomTemplates = ReadonlyMap<`${TemplateType}/${TemplatePart}`, Template>

interface Customization {
  templates: CustomTemplates
  /** The time, in milliseconds. */
  now: number
  /** Called for a custom template that failed with this data; the built-in one takes its place. */
  onFailure(error: TemplateError, part: TemplatePart): void
}

export interface RenderOptions {
  via: 'email' | 'sms'
  language: Language
  /** The project's name. */
  name: string
  custom?: Customization
}

const wordings: Record<Language, Wording> = { en: english, de: german }

/** Renders a message: the subject, text and HTML of an email, or the text of a text message. */
export function render<T extends TemplateType>(type: T, data: TemplateData[T], options: RenderOptions): Rendered {
  const { via, custom } = options
  const content: Content = wordings[options.language][type](data, options.name)
  const requestUrl = 'request_url' in data ? data.request_url : ''
  const part = (name: TemplatePart, builtIn: () => string) => {
    const template = custom?.templates.get(`${type}/${name}`)
    if (!custom || !template) return builtIn()
    try {
      return template({ ...data, request_url_domain: hostOf(requestUrl) }, custom.now)
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      custom.onFailure(error, name)
      return builtIn()
    }
  }
  if (via === 'sms') return { subject: '', text: part('sms', () => smsText(content, requestUrl)).trim() }
  return {
    subject: oneLine(part('subject', () => content.subject)),
    text: part('text', () => textMail(content, options)),
    html: part('html', () => htmlMail(content, options)),
  }
}

/** The last line lets phones autofill the code on the origin that requested it (origin-bound one-time codes). */
function smsText({ sms, code }: Content, requestUrl: string): string {
  if (!sms) throw new Error('this message does not exist as a text message')
  const host = hostOf(requestUrl)
  return host && code ? `${sms}\n\n@${host} #${code}` : sms
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}

/** A subject is a header and must not be able to start another one. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 500)
}
