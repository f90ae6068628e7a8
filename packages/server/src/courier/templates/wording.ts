import type { TemplateData, TemplateType } from './types.ts'

/** The contents of a built-in message, from which the layout renders text and HTML. */
export interface Content {
  subject: string
  heading: string
  /** Paragraphs above the code or button. */
  lead: string[]
  code?: string
  button?: { label: string; url: string }
  /** Paragraphs below. */
  notes: string[]
  /** The complete text message, for messages that can be sent to phones. */
  sms?: string
}

/** The wording of every message in one language; `name` is the project's. */
export type Wording = { [T in TemplateType]: (data: TemplateData[T], name: string) => Content }
