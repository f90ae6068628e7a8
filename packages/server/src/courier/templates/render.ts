import type { Language } from '@latchkey/api'
import { htmlMail, textMail } from './layout.ts'
import type { Rendered, Template, TemplateData, TemplatePart, TemplateType } from './types.ts'
import { german } from './wording.de.ts'
import { english } from './wording.en.ts'
import type { Content, Wording } from './wording.ts'

/** Custom templates by message and part; what is not there is built in. */
export type CustomTemplates = ReadonlyMap<`${TemplateType}/${TemplatePart}`, Template>

export interface RenderOptions {
  via: 'email' | 'sms'
  language: Language
  /** The project's name. */
  name: string
  custom?: CustomTemplates
}

const wordings: Record<Language, Wording> = { en: english, de: german }

/** Words a message: subject, text and HTML of a mail, or the text of a text message. */
export function render<T extends TemplateType>(type: T, data: TemplateData[T], options: RenderOptions): Rendered {
  const { via, custom } = options
  const content: Content = wordings[options.language][type](data, options.name)
  const part = (name: TemplatePart, builtIn: () => string) => {
    const template = custom?.get(`${type}/${name}`)
    return template ? template({ ...data, request_url_domain: hostOf(data.request_url) }) : builtIn()
  }
  if (via === 'sms') return { subject: '', text: part('sms', () => smsText(content, data.request_url)).trim() }
  return {
    subject: oneLine(part('subject', () => content.subject)),
    text: part('text', () => textMail(content, options)),
    html: part('html', () => htmlMail(content, options)),
  }
}

/** The last line lets phones offer the code to the page that asked for it (origin-bound one-time codes). */
function smsText({ sms, code }: Content, requestUrl: string): string {
  if (!sms) throw new Error('this message does not exist as a text message')
  const host = hostOf(requestUrl)
  return host && code ? `${sms}\n\n@${host} #${code}` : sms
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}

/** A subject is a header: nothing in it may begin another. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 500)
}
