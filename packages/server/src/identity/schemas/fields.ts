import { isNode, type SchemaNode } from './dialect.ts'

/** A trait that is a field of forms. */
export interface TraitField {
  /** A dotted path, with dots in property names escaped: `traits.name.first`. */
  name: string
  title?: string
  description?: string
  /** The input type, derived from the type and then the format of the schema. */
  inputType: 'text' | 'number' | 'checkbox' | 'email' | 'tel' | 'date' | 'datetime-local' | 'url'
  autocomplete?: 'email' | 'tel' | 'url'
  type: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'null' | undefined
  /** The type of the items of a list. */
  itemType?: string
  format?: string
  pattern?: string
  required: boolean
  default?: unknown
  enum?: unknown[]
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
}

const maxDepth = 32

export interface TraitNames {
  readonly fields: readonly TraitField[]
  /** The dotted names of traits that are objects, lists of objects or lists of lists, `traits` among them. */
  readonly structures: ReadonlySet<string>
}

/**
 * Lists the fields of forms, in document order: all traits with a single type, except objects (their properties are
 * listed) and lists of objects. If a trait is defined several times, the last definition with a default applies, or the
 * last one if none has a default, as in Kratos.
 */
export function listFields(root: SchemaNode): TraitNames {
  const fields = new Map<string, TraitField>()
  const structures = new Set<string>(['traits'])
  collect(root, undefined, [], { root, fields, structures, seen: [] })
  return { fields: [...fields.values()], structures }
}

interface Walk {
  root: SchemaNode
  fields: Map<string, TraitField>
  structures: Set<string>
  /** The schemas on the current path, to stop at recursive schemas. */
  seen: SchemaNode[]
}

function collect(schema: unknown, parent: SchemaNode | undefined, path: string[], walk: Walk) {
  if (!isNode(schema) || walk.seen.includes(schema) || path.length > maxDepth) return
  const isTrait = path[0] === 'traits' && path.length > 1
  if (isTrait && isStructure(schema)) walk.structures.add(path.join('.'))
  const field = isTrait ? fieldOf(schema, parent, path) : undefined
  if (field && walk.fields.get(field.name)?.default === undefined) walk.fields.set(field.name, field)
  const inner = { ...walk, seen: [...walk.seen, schema] }
  if (typeof schema.$ref === 'string') return collect(resolveReference(walk.root, schema.$ref), schema, path, inner)
  for (const key of ['not', 'if', 'then', 'else']) collect(schema[key], schema, path, inner)
  for (const key of ['allOf', 'anyOf', 'oneOf']) {
    const branches = schema[key]
    if (Array.isArray(branches)) for (const branch of branches) collect(branch, schema, path, inner)
  }
  if (!isNode(schema.properties)) return
  for (const [name, property] of Object.entries(schema.properties)) {
    collect(property, schema, [...path, name.replaceAll('.', '\\.')], inner)
  }
}

function fieldOf(schema: SchemaNode, parent: SchemaNode | undefined, path: string[]): TraitField | undefined {
  const type = typeOf(schema)
  if (isStructure(schema) || (type === undefined && schema.default === undefined)) return undefined
  const own = path.at(-1)?.replaceAll('\\.', '.')
  const format = text(schema.format)
  return {
    name: path.join('.'),
    title: text(schema.title),
    description: text(schema.description),
    type: type as TraitField['type'],
    itemType: isNode(schema.items) ? typeOf(schema.items) : undefined,
    ...inputOf(type, format),
    format,
    pattern: text(schema.pattern),
    required: Array.isArray(parent?.required) && parent.required.includes(own),
    default: schema.default,
    enum: Array.isArray(schema.enum) ? schema.enum : undefined,
    minLength: number(schema.minLength),
    maxLength: number(schema.maxLength),
    minimum: number(schema.minimum),
    maximum: number(schema.maximum),
  }
}

/** Whether a schema is one of objects, lists of objects or lists of lists, which no field of a form can hold. */
function isStructure(schema: SchemaNode): boolean {
  const type = typeOf(schema)
  if (type !== 'array') return type === 'object'
  return isNode(schema.items) && ['object', 'array'].includes(String(schema.items.type))
}

function typeOf(schema: SchemaNode): string | undefined {
  if (schema.const !== undefined) return schema.const === null ? 'null' : typeof schema.const
  if (Array.isArray(schema.type)) return schema.type.length === 1 ? String(schema.type[0]) : undefined
  return typeof schema.type === 'string' && schema.type !== 'null' ? schema.type : undefined
}

function inputOf(type: string | undefined, format: string | undefined): Pick<TraitField, 'inputType' | 'autocomplete'> {
  switch (format) {
    case 'email':
      return { inputType: 'email', autocomplete: 'email' }
    case 'tel':
      return { inputType: 'tel', autocomplete: 'tel' }
    case 'uri':
      return { inputType: 'url', autocomplete: 'url' }
    case 'date':
      return { inputType: 'date' }
    case 'date-time':
      return { inputType: 'datetime-local' }
    case 'regex':
      return { inputType: 'text' }
  }
  if (type === 'number' || type === 'integer') return { inputType: 'number' }
  return { inputType: type === 'boolean' ? 'checkbox' : 'text' }
}

/** Resolves a reference within the document; external references are rejected when the schema is compiled. */
export function resolveReference(root: SchemaNode, reference: string): unknown {
  const [base = '', fragment = ''] = reference.split('#')
  if (base !== '' && base !== root.$id && base !== root.id) return undefined
  let node: unknown = root
  for (const part of decodeFragment(fragment).split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    node = Array.isArray(node) ? node[Number(key)] : isNode(node) ? node[key] : undefined
  }
  return node
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
