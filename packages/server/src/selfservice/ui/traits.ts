import { type UiNode, type UiText, uiText } from '@latchkey/api'
import { compiledSchema, type TraitField } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { type Group, input } from './nodes.ts'

/** The fields of an identity schema as nodes, with the values of these traits, and without defaults, as in Kratos. */
export function traitNodes(ctx: Context, schemaId: string, group: Group, traits?: unknown): UiNode[] {
  return compiledSchema(ctx, schemaId).fields.map((field) => {
    const value = traits === undefined ? undefined : valueAt({ traits }, field.name)
    return fieldNode(field, group, value)
  })
}

export function traitNames(ctx: Context, schemaId: string): string[] {
  return compiledSchema(ctx, schemaId).fields.map(({ name }) => name)
}

function fieldNode(field: TraitField, group: Group, value: unknown): UiNode {
  return input(field.name, group, field.inputType, {
    ...(field.required && { required: true }),
    ...(field.autocomplete && { autocomplete: field.autocomplete }),
    ...(field.pattern && { pattern: field.pattern }),
    ...(field.enum && { options: field.enum.map((one) => ({ value: one })) }),
    ...(value !== undefined && { value }),
    ...(field.title && { label: fieldLabel(field.name, field.title) }),
  })
}

function fieldLabel(name: string, title: string): UiText {
  return uiText(1070002, { name, title })
}

/** The value at a dotted path; escaped dots belong to names. */
export function valueAt(root: unknown, path: string): unknown {
  let value = root
  for (const key of keysOf(path)) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/** The keys of a dotted path; escaped dots belong to keys. */
export function keysOf(path: string): string[] {
  return path.split(/(?<!\\)\./).map((part) => part.replaceAll('\\.', '.'))
}

const labels = new WeakMap<object, UiText>()

/** What the sign-in form calls the identifier: the one field of the schema that is one, or "ID" where there are several. */
export function identifierLabel(ctx: Context, schemaId: string): UiText {
  const schema = ctx.config.identitySchemas.find(({ id }) => id === schemaId)
  if (!schema) return uiText(1070004)
  const known = labels.get(schema.document)
  if (known) return known
  const found = markedFields(schema.document, []).filter(({ credentials }) =>
    Object.values(credentials).some((one) => one?.identifier === true),
  )
  const [only] = found
  const label = found.length === 1 && only?.title ? fieldLabel(only.name, only.title) : uiText(1070004)
  labels.set(schema.document, label)
  return label
}

/** A trait that the schema marks for credentials (`ory.sh/kratos`). */
export interface MarkedField {
  /** A dotted path: `traits.email`. */
  name: string
  title?: string
  credentials: Record<string, { identifier?: boolean; display_name?: boolean } | undefined>
}

/** The traits that the schema marks for credentials, in the order of the schema. */
export function credentialFields(ctx: Context, schemaId: string): MarkedField[] {
  const schema = ctx.config.identitySchemas.find(({ id }) => id === schemaId)
  return schema ? markedFields(schema.document, []) : []
}

interface SchemaNode {
  title?: string
  properties?: Record<string, SchemaNode>
  'ory.sh/kratos'?: { credentials?: MarkedField['credentials'] }
}

function markedFields(node: SchemaNode, path: readonly string[]): MarkedField[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, property]) => {
    const name = [...path, key]
    const credentials = property['ory.sh/kratos']?.credentials
    const own = credentials ? [{ name: name.join('.'), title: property.title, credentials }] : []
    return [...own, ...markedFields(property, name)]
  })
}
