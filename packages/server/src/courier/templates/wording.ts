import type { TemplateData, TemplateType } from './types.ts'

/** What a built-in message says; the layout makes text and HTML of it. */
export interface Content {
  subject: string
  heading: string
  /** Paragraphs above the code or button. */
  lead: string[]
  code?: string
  button?: { label: string; url: string }
  /** Paragraphs below. */
  notes: string[]
  /** The whole of the text message, for those that are sent to phones too. */
  sms?: string
}

/** The wording of every message in one language; `name` is the project's. */
export type Wording = { [T in TemplateType]: (data: TemplateData[T], name: string) => Content }
