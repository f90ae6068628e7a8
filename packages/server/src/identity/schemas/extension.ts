import Type, { type Static } from 'typebox'
import { choice, closed } from '../../kernel/config/schema-builders.ts'
import { findings } from '../../kernel/config/validate.ts'
import type { Channel } from '../credentials/definition.ts'
import { credentialDefinitions } from '../credentials/index.ts'
import { isAddress, maxIdentifierLength, normalizeIdentifier } from '../normalize.ts'
import type { CredentialType } from '../record.ts'
import { formats } from './formats.ts'

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

/** A violation of the rules for a marked value: it cannot be used as the keyword specifies. */
export interface BadMark {
  instancePath: string
  keyword: 'format' | 'maxLength'
  params: { format: string } | { limit: number }
  value: unknown
}

/** The format that an address of the channel has. */
const formatOf = { email: 'email', sms: 'tel' } as const

export function extractMarks(marks: readonly Mark[]): { extract: Extract; bad: BadMark[] } {
  const extract: Extract = { identifiers: [], verification: [], recovery: [], labels: {} }
  const bad: BadMark[] = []
  for (const { extension, instancePath, value } of marks) {
    const text = String(value)
    const { credentials, verification, recovery } = extension
    if (text.length > maxIdentifierLength && (credentials || verification?.via || recovery?.via)) {
      bad.push({ instancePath, keyword: 'maxLength', params: { limit: maxIdentifierLength }, value })
      continue
    }
    const refuse = (format: string) => bad.push({ instancePath, keyword: 'format', params: { format }, value })
    takeIdentifiers(extension, text, extract, refuse)
    takeAddress(verification?.via, text, extract.verification, refuse)
    takeAddress(recovery?.via, text, extract.recovery, refuse)
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
    // A text of invisible characters identifies nobody.
    else if (use.identifier !== '') add(extract.identifiers, { type, via: use.via, value: use.identifier })
  }
}

function takeAddress(
  via: Channel | undefined,
  text: string,
  addresses: Extract['recovery'],
  refuse: (format: string) => void,
) {
  if (!via) return
  if (isAddress(via, text)) add(addresses, { via, value: normalizeIdentifier(text) })
  else refuse(formatOf[via])
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
