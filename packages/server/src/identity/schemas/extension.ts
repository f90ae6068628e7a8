import Type, { type Static } from 'typebox'
import {
  type Address,
  type Channel,
  isDeliverable,
  isEmail,
  maxIdentifierLength,
  normalizeAddress,
  phoneNumber,
} from '../../kernel/address.ts'
import { choice, closedObject } from '../../kernel/config/schema-builders.ts'
import { findings } from '../../kernel/config/validate.ts'
import { credentialDefinitions } from '../credentials/index.ts'
import type { CredentialType } from '../record.ts'
import { formats } from './formats.ts'

const via = choice(['email', 'sms'])

/** The value of the keyword `ory.sh/kratos`. Each credential type defines its own part. */
const extension = closedObject({
  credentials: Type.Optional(
    closedObject(
      Object.fromEntries(
        credentialDefinitions.flatMap(({ type, trait }) => (trait ? [[type, Type.Optional(trait.schema)]] : [])),
      ),
    ),
  ),
  verification: Type.Optional(closedObject({ via: Type.Optional(via) })),
  recovery: Type.Optional(closedObject({ via: Type.Optional(via) })),
  organizations: Type.Optional(closedObject({ matcher: Type.Optional(choice(['email_domain'])) })),
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
  verification: Address[]
  recovery: Address[]
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

export function extractMarks(marks: readonly Mark[]): { extract: Extract; bad: BadMark[] } {
  const extract: Extract = { identifiers: [], verification: [], recovery: [], labels: {} }
  const bad: BadMark[] = []
  for (const mark of marks) {
    const { instancePath } = mark
    const refuse = (format: string) => {
      const isKnown = bad.some(
        (one) => one.instancePath === instancePath && 'format' in one.params && one.params.format === format,
      )
      if (!isKnown) bad.push({ instancePath, keyword: 'format', params: { format }, value: mark.value })
    }
    const text = String(mark.value)
    const { credentials } = mark.extension
    const isAddressed = credentials || mark.extension.verification?.via || mark.extension.recovery?.via
    if (text.length > maxIdentifierLength && isAddressed) {
      const params = { limit: maxIdentifierLength }
      bad.push({ instancePath: mark.instancePath, keyword: 'maxLength', params, value: mark.value })
      continue
    }
    takeIdentifiers(mark.extension, text, extract, refuse)
    const { recovery, verification } = mark.extension
    if (recovery?.via) takeAddress(extract.recovery, { via: recovery.via, value: text }, refuse)
    if (verification?.via) {
      takeAddress(extract.verification, { via: verification.via, value: text, isFree: mark.format !== 'tel' }, refuse)
    }
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
    else add(extract.identifiers, { type, ...(use.via && { via: use.via }), value: use.identifier })
  }
}

/** Takes an address that messages can be sent to. Without the format `tel`, it may be any number that can be dialed. */
function takeAddress(
  list: Address[],
  { via, value: text, isFree = false }: Address & { isFree?: boolean },
  refuse: (format: string) => void,
) {
  const value = normalizeAddress(via, text)
  const isAddress = via === 'email' ? isEmail(text) : isFree ? isDeliverable({ via, value }) : phoneNumber(text)
  if (isAddress) add(list, { via, value })
  else refuse(via === 'email' ? 'email' : 'tel')
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
