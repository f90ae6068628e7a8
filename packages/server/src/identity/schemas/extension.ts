import Type, { type Static } from 'typebox'
import { choice, closed } from '../../kernel/config/schema-builders.ts'
import { findings } from '../../kernel/config/validate.ts'
import { normalizeIdentifier } from '../normalize.ts'
import { formats, isEmail, phoneNumber } from './formats.ts'

const via = choice(['email', 'sms'])
const identifier = Type.Optional(closed({ identifier: Type.Optional(Type.Boolean()) }))

/** What the keyword `ory.sh/kratos` says about a trait. */
const extension = closed({
  credentials: Type.Optional(
    closed({
      password: identifier,
      webauthn: identifier,
      passkey: Type.Optional(closed({ display_name: Type.Optional(Type.Boolean()) })),
      totp: Type.Optional(closed({ account_name: Type.Optional(Type.Boolean()) })),
      code: Type.Optional(closed({ identifier: Type.Optional(Type.Boolean()), via: Type.Optional(via) })),
    }),
  ),
  verification: Type.Optional(closed({ via: Type.Optional(via) })),
  recovery: Type.Optional(closed({ via: Type.Optional(via) })),
  organizations: Type.Optional(closed({ matcher: Type.Optional(choice(['email_domain'])) })),
})

export type Extension = Static<typeof extension>

export function extensionMistakes(value: unknown): string[] {
  return findings(extension, value).map(
    ({ path, expected, found }) => `${['ory.sh/kratos', ...path].join('.')} with ${found} in place of ${expected}`,
  )
}

/** A trait that carries the keyword, as it was met in a set of traits. */
export interface Mark {
  extension: Extension
  /** The `format` beside it. */
  format: unknown
  value: unknown
  instancePath: string
}

export type Channel = 'email' | 'sms'
export type IdentifierType = 'password' | 'webauthn' | 'code'

/** What an identity gets from its traits. Values are normalised as they are stored and looked up. */
export interface Extract {
  identifiers: { type: IdentifierType; via?: Channel; value: string }[]
  verification: { via: Channel; value: string }[]
  recovery: { via: Channel; value: string }[]
  /** What a passkey is called on the person's device. */
  passkeyDisplayName?: string
  /** What an authenticator app calls the account. */
  totpAccountName?: string
}

/** A mark whose value cannot be used for what the keyword asks. */
export interface BadMark {
  instancePath: string
  keyword: 'format'
  format: string
  value: unknown
}

export function extractMarks(marks: readonly Mark[]): { extract: Extract; bad: BadMark[] } {
  const extract: Extract = { identifiers: [], verification: [], recovery: [] }
  const bad: BadMark[] = []
  for (const mark of marks) {
    const refuse = (format: string) =>
      bad.push({ instancePath: mark.instancePath, keyword: 'format', format, value: mark.value })
    const text = String(mark.value)
    takeIdentifiers(mark.extension, text, extract, refuse)
    takeVerification(mark, text, extract, refuse)
    const recovery = mark.extension.recovery?.via
    if (recovery === 'email' && isEmail(text))
      add(extract.recovery, { via: recovery, value: normalizeIdentifier(text) })
    else if (recovery === 'sms' && phoneNumber(text)) add(extract.recovery, { via: recovery, value: text.trim() })
    else if (recovery) refuse(recovery === 'email' ? 'email' : 'tel')
  }
  return { extract, bad }
}

function takeIdentifiers(
  { credentials = {} }: Extension,
  text: string,
  extract: Extract,
  refuse: (format: string) => void,
) {
  if (credentials.password?.identifier) add(extract.identifiers, { type: 'password', value: normalizeIdentifier(text) })
  if (credentials.webauthn?.identifier) add(extract.identifiers, { type: 'webauthn', value: normalizeIdentifier(text) })
  if (credentials.passkey?.display_name) extract.passkeyDisplayName ??= text
  if (credentials.totp?.account_name) extract.totpAccountName ??= text
  if (!credentials.code?.identifier) return
  const via = credentials.code.via ?? 'email'
  const value = via === 'sms' ? phoneNumber(text) : normalizeIdentifier(text)
  if (value === undefined) return refuse('tel')
  add(extract.identifiers, { type: 'code', via, value })
}

function takeVerification(mark: Mark, text: string, extract: Extract, refuse: (format: string) => void) {
  const via = mark.extension.verification?.via
  if (!via) return
  if (!mark.format && !isEmail(text)) return refuse('email')
  const value = mark.format === 'email' || !mark.format ? normalizeIdentifier(text) : text.trim()
  add(extract.verification, { via, value })
}

function add<T extends { via?: Channel; value: string; type?: string }>(list: T[], entry: T) {
  const same = (one: T) => one.value === entry.value && one.via === entry.via && one.type === entry.type
  if (!list.some(same)) list.push(entry)
}

/** Formats that an address to be verified may have. */
const verifiable = ['email', 'tel', 'date', 'time', 'date-time', 'no-validate']

/** A phone number is only told from other text by its format, so verification by SMS needs one. */
export function verificationMistake(extension: Extension, format: unknown): string | undefined {
  const via = extension.verification?.via
  if (!via) return undefined
  if (format === undefined) return via === 'sms' ? 'verification by sms without a format' : undefined
  if (typeof format === 'string' && (verifiable.includes(format) || !(format in formats))) return undefined
  return `verification of the format ${JSON.stringify(format)}`
}
