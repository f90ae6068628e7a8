import Type, { type Static } from 'typebox'
import { choice, closed } from '../../kernel/config/schema-builders.ts'
import { findings } from '../../kernel/config/validate.ts'
import type { Channel } from '../credentials/definition.ts'
import { credentialDefinitions } from '../credentials/index.ts'
import { normalizeIdentifier } from '../normalize.ts'
import type { CredentialType } from '../record.ts'
import { formats, isEmail, phoneNumber } from './formats.ts'

const via = choice(['email', 'sms'])

/** The value of the keyword `ory.sh/kratos`. Each credential type defines its own part. */
const extension = closed({
  credentials: Type.Optional(
    closed(
      Object.fromEntries(
        credentialDefinitions.flatMap(({ type, trait }) => (trait ? [[type, Type.Optional(trait.schema)]] : [])),
      ),
    ),
  ),
  verification: Type.Optional(closed({ via: Type.Optional(via) })),
  recovery: Type.Optional(closed({ via: Type.Optional(via) })),
  organizations: Type.Optional(closed({ matcher: Type.Optional(choice(['email_domain'])) })),
})

export type Extension = Omit<Static<typeof extension>, 'credentials'> & {
  credentials?: { [Type in CredentialType]?: Record<string, unknown> }
}

export function extensionMistakes(value: unknown): string[] {
  return findings(extension, value).map(
    ({ path, expected, found }) => `${['ory.sh/kratos', ...path].join('.')} with ${found} in place of ${expected}`,
  )
}

/** A trait value whose schema has the keyword. */
export interface Mark {
  extension: Extension
  /** The `format` of the same schema. */
  format: unknown
  value: unknown
  instancePath: string
}

/** The values that an identity derives from its traits, in the normalized form for storage and lookup. */
export interface Extract {
  identifiers: { type: CredentialType; via?: Channel; value: string }[]
  verification: { via: Channel; value: string }[]
  recovery: { via: Channel; value: string }[]
  /** The account names in authenticators, by credential type. */
  labels: { [Type in CredentialType]?: string }
}

/** A mark whose value is invalid for the use that the keyword specifies. */
export interface BadMark {
  instancePath: string
  keyword: 'format'
  format: string
  value: unknown
}

export function extractMarks(marks: readonly Mark[]): { extract: Extract; bad: BadMark[] } {
  const extract: Extract = { identifiers: [], verification: [], recovery: [], labels: {} }
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
  for (const { type, trait } of credentialDefinitions) {
    const marked = credentials[type]
    const use = marked && trait?.use(marked, text)
    if (!use) continue
    if ('expected' in use) refuse(use.expected)
    else if ('label' in use) extract.labels[type] ??= use.label
    else add(extract.identifiers, { type, via: use.via, value: use.identifier })
  }
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

/** The valid formats of a verifiable address. */
const verifiable = ['email', 'tel', 'date', 'time', 'date-time', 'no-validate']

/** Phone numbers are recognized only by their format, so verification by SMS requires one. */
export function verificationMistake(extension: Extension, format: unknown): string | undefined {
  const via = extension.verification?.via
  if (!via) return undefined
  if (format === undefined) return via === 'sms' ? 'verification by sms without a format' : undefined
  if (typeof format === 'string' && (verifiable.includes(format) || !(format in formats))) return undefined
  return `verification of the format ${JSON.stringify(format)}`
}
