import type { Language } from '@latchkey/api'
import { requestDomain } from './domain.ts'
import { htmlMail, textMail } from './layout.ts'
import type { Rendered, TemplateData, TemplateType } from './types.ts'
import { german } from './wording.de.ts'
import { english } from './wording.en.ts'
import type { Content, Wording } from './wording.ts'

export interface RenderOptions {
  via: 'email' | 'sms'
  language: Language
  /** The project's name. */
  name: string
}

const wordings: Record<Language, Wording> = { en: english, de: german }

/** Renders a message by the built-in templates: the subject, text and HTML of an email, or a text message. */
export function render<T extends TemplateType>(type: T, data: TemplateData[T], options: RenderOptions): Rendered {
  const content: Content = wordings[options.language][type](data, options.name)
  if (options.via === 'sms') return { subject: '', text: smsText(content, requestDomain(data)) }
  const subject = oneLine(content.subject)
  return { subject, text: textMail(content, options), html: htmlMail(content, options) }
}

/** A subject is a header and must not be able to start another one. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 500)
}

/** The last line lets phones autofill the code on the origin that requested it (origin-bound one-time codes). */
function smsText({ sms, code }: Content, domain: string): string {
  if (!sms) throw new Error('this message does not exist as a text message')
  return domain && code ? `${sms}\n\n@${domain} #${code}` : sms
}
