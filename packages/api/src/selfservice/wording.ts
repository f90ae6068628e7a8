import { german } from './messages.de.ts'
import { type ContextKind, type MessageId, messages, type UiMessage } from './messages.ts'
import type { UiText } from './ui.ts'

/** The languages that every message is worded in; the first is the one that flows are stored in. */
export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

/**
 * Makes the message with this id as the API shows it, worded in English.
 * The context is required for ids that have one; times in it are ISO 8601.
 */
export function uiText<Id extends MessageId>(id: Id, ...[context]: ContextArguments<Id>): UiText {
  const { type, text }: UiMessage = messages[id]
  const made: UiText = { id, text, type }
  if (context) made.context = context
  made.text = write(text, made, 'en') ?? text
  return made
}

/** The wording of a message in a language; messages we do not know keep the text they came with. */
export function localize(text: UiText, language: Language): string {
  if (!isMessageId(text.id)) return text.text
  const template = language === 'de' ? german[text.id] : messages[text.id].text
  return write(template, text, language) ?? text.text
}

export type MessageContext<Id extends MessageId> = ContextOf<(typeof messages)[Id]['context']>

type ContextArguments<Id extends MessageId> = undefined extends (typeof messages)[Id]['context']
  ? [context?: undefined]
  : [context: MessageContext<Id>]

type ContextOf<Kinds> = { -readonly [Key in keyof Kinds]: ValueOf<Kinds[Key]> }

type ValueOf<Kind> = Kind extends 'number'
  ? number
  : Kind extends 'list' | 'types' | 'credentials'
    ? readonly string[]
    : Kind extends 'texts'
      ? readonly UiText[]
      : Kind extends 'value'
        ? unknown
        : string

function isMessageId(id: number): id is MessageId {
  return Object.hasOwn(messages, id)
}

/** Fills a template; undefined where the context lacks a value outside an optional part. */
function write(template: string, text: UiText, language: Language): string | undefined {
  let complete = true
  const written = template.replace(/\[([^\]]*)\]|\{(\w+)\}/g, (_, optional: string | undefined, key: string) => {
    if (optional !== undefined) return write(optional, text, language) ?? ''
    const value = writeContext(key, text, language)
    if (value === '') complete = false
    return value
  })
  return complete ? written : undefined
}

function writeContext(key: string, { id, context }: UiText, language: Language): string {
  const kinds: UiMessage['context'] = isMessageId(id) ? messages[id].context : undefined
  return writeValue(kinds?.[key] ?? 'text', context?.[key], language)
}

function writeValue(kind: ContextKind, value: unknown, language: Language): string {
  if (value === undefined || value === null) return ''
  if (kind === 'type') return words[language].types[String(value)] ?? String(value)
  if (kind === 'value') return JSON.stringify(value)
  if (kind === 'number') return String(value)
  if (kind === 'time') return writeTime(String(value), language)
  if (!Array.isArray(value)) return String(value)
  if (kind === 'texts') return value.map((item: UiText) => localize(item, language)).join(', ')
  const names = kind === 'types' ? words[language].types : kind === 'credentials' ? words[language].credentials : {}
  const items = [...new Set(value.map((item) => names[String(item)] ?? String(item)))]
  return new Intl.ListFormat(language, { type: kind === 'list' ? 'conjunction' : 'disjunction' }).format(items)
}

function writeTime(value: string, language: Language): string {
  const time = new Date(value)
  if (Number.isNaN(time.getTime())) return value
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(time)
}

/** What JSON types and credential types are called in a sentence. */
const words: Record<Language, { types: Record<string, string>; credentials: Record<string, string> }> = {
  en: {
    types: {
      string: 'text',
      number: 'a number',
      integer: 'a whole number',
      boolean: 'yes or no',
      array: 'a list',
      object: 'a group of fields',
      null: 'empty',
    },
    credentials: {
      password: 'your password',
      code: 'a code that we send you',
      oidc: 'an account connected to it',
      saml: 'an account connected to it',
      webauthn: 'your security key',
      passkey: 'your passkey',
    },
  },
  de: {
    types: {
      string: 'Text',
      number: 'eine Zahl',
      integer: 'eine ganze Zahl',
      boolean: 'Ja oder Nein',
      array: 'eine Liste',
      object: 'eine Gruppe von Feldern',
      null: 'nichts',
    },
    credentials: {
      password: 'Passwort',
      code: 'Code, den wir senden',
      oidc: 'verbundenes Konto',
      saml: 'verbundenes Konto',
      webauthn: 'Sicherheitsschlüssel',
      passkey: 'Passkey',
    },
  },
}
