import Type, { type TObject, type TSchema } from 'typebox'
import { answeringOf, type OperationSpec } from './contract.ts'
import { ErrorGeneric, ErrorOAuth2 } from './error-models.ts'

// OpenAPI 3.0.3: https://spec.openapis.org/oas/v3.0.3

export interface OpenApiInfo {
  title: string
  version: string
  /** The base URL of the API, such as https://auth.example.org. */
  server?: string
}

export interface OpenApiDocument {
  openapi: '3.0.3'
  info: { title: string; version: string }
  servers?: { url: string }[]
  tags: { name: string }[]
  paths: Record<string, Record<string, OpenApiOperation>>
  components: { schemas: Record<string, Json>; securitySchemes: Json }
}

export interface OpenApiOperation {
  operationId: string
  tags: string[]
  summary: string
  description?: string
  parameters?: OpenApiParameter[]
  requestBody?: { required: boolean; content: Content }
  responses: Record<string, { description: string; content?: Content }>
  security?: Json[]
}

export interface OpenApiParameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  schema: Json
}

type Json = Record<string, unknown>
type Content = Record<string, { schema: Json }>
type Components = Map<string, Json>

/** The OpenAPI document for a set of operations; each model is a component that is defined once. */
export function openApi(operations: Readonly<Record<string, OperationSpec>>, info: OpenApiInfo): OpenApiDocument {
  const components: Components = new Map()
  const specs = Object.values(operations)
  const paths: OpenApiDocument['paths'] = {}
  for (const spec of specs) {
    paths[spec.path] = { ...paths[spec.path], [spec.method.toLowerCase()]: writeOperation(spec, components) }
  }
  return {
    openapi: '3.0.3',
    info: { title: info.title, version: info.version },
    ...(info.server && { servers: [{ url: info.server }] }),
    tags: [...new Set(specs.map((spec) => spec.tag))].sort().map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: { oryAccessToken: { type: 'http', scheme: 'bearer' } },
    },
  }
}

function writeOperation(spec: OperationSpec, components: Components): OpenApiOperation {
  const parameters = [
    ...writeParameters('path', spec.params, components),
    ...writeParameters('query', spec.query, components),
    ...writeParameters('header', spec.headers, components),
  ]
  return {
    operationId: spec.id,
    tags: [spec.tag],
    summary: spec.summary,
    ...(spec.description && { description: spec.description }),
    ...(parameters.length > 0 && { parameters }),
    ...(spec.body && { requestBody: { required: true, content: writeBody(spec.body, spec.form, components) } }),
    responses: writeResponses(spec, components),
    ...(spec.plane !== 'public' && { security: [{ oryAccessToken: [] }] }),
  }
}

function writeParameters(
  place: OpenApiParameter['in'],
  schema: TObject | undefined,
  components: Components,
): OpenApiParameter[] {
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name: place === 'header' ? name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()) : name,
    in: place,
    ...(!Type.IsOptional(property) && { required: true }),
    schema: writeSchema(property, components),
  }))
}

function writeBody(body: TSchema, form: boolean | undefined, components: Components): Content {
  const schema = writeSchema(body, components)
  if ('type' in body && body.type === 'string') return { 'text/plain': { schema } }
  return { 'application/json': { schema }, ...(form && { 'application/x-www-form-urlencoded': { schema } }) }
}

function writeResponses(spec: OperationSpec, components: Components): OpenApiOperation['responses'] {
  const model = answeringOf(spec).errorStyle === 'oauth2' ? ErrorOAuth2 : ErrorGeneric
  const error = { description: 'Error', content: writeBody(model, false, components) }
  const responses: OpenApiOperation['responses'] = {}
  for (const [status, schema] of Object.entries(spec.returns)) {
    if (!schema) responses[status] = { description: 'No body' }
    else if (spec.stream) responses[status] = { description: 'Events', content: writeEvents(schema, components) }
    else responses[status] = { description: 'Response', content: writeBody(schema, false, components) }
  }
  for (const status of spec.errors) responses[status] = error
  return { ...responses, default: error }
}

/** The schema describes the data of each event: OpenAPI 3.0 cannot describe an event stream. */
function writeEvents(schema: TSchema, components: Components): Content {
  return { 'text/event-stream': { schema: writeSchema(schema, components) } }
}

/** Converts a schema to OpenAPI; a schema with a title becomes a component, referenced by that title. */
function writeSchema(schema: TSchema, components: Components): Json {
  const { title, ...rest } = schema as TSchema & { title?: string }
  if (!title) return writeInline(rest, components)
  if (!components.has(title)) {
    components.set(title, {})
    components.set(title, writeInline(rest, components))
  }
  return { $ref: `#/components/schemas/${title}` }
}

function writeInline(schema: Json, components: Components): Json {
  const { anyOf, const: only, patternProperties, properties, items, ...rest } = schema
  if (Array.isArray(anyOf)) return writeUnion(anyOf, components)
  const written: Json = { ...rest }
  if (only !== undefined) written.enum = [only]
  if (items) written.items = writeSchema(items as TSchema, components)
  const [members] = Object.values((patternProperties ?? {}) as Record<string, TSchema>)
  if (members) written.additionalProperties = writeSchema(members, components)
  if (properties) {
    const entries = Object.entries(properties as Record<string, TSchema>)
    written.properties = Object.fromEntries(
      entries.map(([name, property]) => [name, writeSchema(property, components)]),
    )
  }
  return written
}

/** OpenAPI 3.0 has no null type; the other type is marked as `nullable` instead. */
function writeUnion(members: TSchema[], components: Components): Json {
  const [first, ...others] = members.filter((member) => (member as Json).type !== 'null')
  if (first && others.length === 0) {
    const written = writeSchema(first, components)
    return written.$ref ? { allOf: [written], nullable: true } : { ...written, nullable: true }
  }
  const oneOf = members.map((member) => writeSchema(member, components))
  const discriminator = writeDiscriminator(members)
  return { oneOf, ...(discriminator && { discriminator }) }
}

/** The discriminator of a union: the property that is a constant in each of its members, if there is one. */
function writeDiscriminator(members: TSchema[]): Json | undefined {
  const objects = members as { title?: string; properties?: Record<string, { const?: string }> }[]
  const names = Object.keys(objects[0]?.properties ?? {})
  const propertyName = names.find((name) => objects.every(({ properties }) => properties?.[name]?.const !== undefined))
  if (!propertyName) return undefined
  const mapping = objects.map(({ title, properties }) => [
    properties?.[propertyName]?.const,
    `#/components/schemas/${title}`,
  ])
  return { propertyName, mapping: Object.fromEntries(mapping) }
}
