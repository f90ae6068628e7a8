import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { api } from './api.ts'
import { type OpenApiDocument, type OpenApiOperation, type OpenApiParameter, openApi } from './openapi.ts'

const specs = new URL('../../../../shared/spec/', import.meta.url)
const ours = openApi(api, { title: 'Latchkey', version: '0.0.0' })
const tags = [
  'courier',
  'elements',
  'frontend',
  'identity',
  'jwk',
  'metadata',
  'oauth2',
  'oidc',
  'permission',
  'relationship',
  'wellknown',
]

/** Operations that are not supported yet. */
const later = ['createFedcmFlow', 'updateFedcmFlow', 'createTestLoginFlow', 'deleteTestLoginFlow']

/** Deliberate differences between our document and Ory's. */
const deliberate: readonly (readonly [place: RegExp, reason: string])[] = [
  [/^update\w+Method\.method: enum/, 'the method tells the bodies apart, so each has its own word'],
  [/^\w+Flow\.state: /, 'Ory leaves the states open; they are known'],
  [/^errorGeneric\.error: |^genericErrorContent/, 'the servers answer with the members of genericError'],
  [/^errorBrowserLocationChangeRequired\.error: /, 'the servers answer with one error, not with one inside another'],
  [/^identityPatchResponse\.error: |^DefaultError: /, 'Ory leaves the error open; it is the generic one'],
  [/^NullUUID: format uuid4/, 'ids of every UUID version are read'],
  [/^nullJsonRawMessage: type object/, 'metadata may be any JSON, as the Kratos document says'],
  [/\[\]: (format uint8|minimum undefined is 0|maximum undefined is 255)/, 'bytes are told by their limits'],
  [/^getWebAuthnJavaScript 200: |^webAuthnJavaScript: /, 'the script is served as text, not as JSON'],
  [
    /^(getConfiguration|isAlive) (\d+|default): model |^genericError[.:]/,
    'the error is a member of the body, as in all other answers',
  ],
  [/ default: model genericError is errorOAuth2$/, 'Hydra answers with one kind of error everywhere'],
  [/^JSONRawMessage: type undefined is object|^NullDuration: /, 'as the client document says'],
  [/^acceptOAuth2ConsentRequestSession\.\w+: type undefined is object/, 'Hydra reads only objects as claims'],
  [/^\w+ body\.\w+: requires (\w+), here $/, 'the document says of a text that it requires itself'],
  [/^healthStatus: requires|^(isReady|getVersion) \d+: requires/, 'what is always sent is required'],
  [/^continueWith: type object/, 'its members say so themselves'],
  [/^jsonPatch\.op: enum is narrower/, 'the client document names the words'],
  [/^createRecovery\w+\.expires_in: pattern/, 'the client document allows fractions'],
  [/OAuth2\w+: model OAuth2|: model OAuth2\w+ is oAuth2/, 'Kratos writes the name in capitals, the client does not'],
  [/^OAuth2(Client|LoginRequest)[.:]/, 'the client document tells more of the OAuth2 models than the Kratos one'],
]

/** Parameters of older documents that Hydra has never read. */
const unread = ['MaxItems', 'DefaultItems']

const current = ['kratos-v26.2.0.json', 'hydra-v26.2.0.json', 'keto-v26.2.0.json', 'client-v1.22.65.json']
const old = 'client-v1.1.11.json'

describe('compared with Ory’s documents, the OpenAPI document', () => {
  it.each(current.filter(isThere))('declares what %s declares', (file) => {
    const unexpected = differences(file).filter((place) => !deliberate.some(([pattern]) => pattern.test(place)))
    expect([...new Set(unexpected)]).toEqual([])
  })

  it.skipIf(!current.every(isThere))('has every difference that is listed as deliberate', () => {
    const found = current.flatMap(differences)
    const outdated = deliberate.filter(([pattern]) => !found.some((place) => pattern.test(place)))
    expect(outdated.map(([, reason]) => reason)).toEqual([])
  })

  it.skipIf(!isThere(old))('accepts the parameters of the older clients', () => {
    const missing = operations(load(old)).flatMap(([path, method, operation]) => {
      const known = ours.paths[path]?.[method]?.parameters ?? []
      const unknown = (operation.parameters ?? []).filter((one) => !find(known, one) && !unread.includes(one.name))
      return unknown.map(({ name }) => `${operation.operationId} ${name}`)
    })
    expect(missing).toEqual([])
  })

  const absent = [...current, old].filter((file) => !isThere(file))
  it.skip.each(absent)('skipped: ../shared/spec/%s does not exist', () => undefined)
})

type Json = Record<string, unknown>

function isThere(file: string): boolean {
  return existsSync(new URL(file, specs))
}

function load(file: string): OpenApiDocument {
  return JSON.parse(readFileSync(new URL(file, specs), 'utf8'))
}

function differences(file: string): string[] {
  const theirs = load(file)
  return operations(theirs).flatMap(([path, method, operation]) => compareOperation(theirs, path, method, operation))
}

function operations(document: OpenApiDocument): [path: string, method: string, operation: OpenApiOperation][] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags?.some((tag) => tags.includes(tag.toLowerCase())))
      .filter(([, operation]) => !later.includes(operation.operationId))
      .map(([method, operation]): [string, string, OpenApiOperation] => [path, method, operation]),
  )
}

function find(parameters: readonly OpenApiParameter[], { name, in: place }: OpenApiParameter) {
  return parameters.find((p) => p.in === place && p.name.toLowerCase() === name.toLowerCase())
}

function compareOperation(theirs: OpenApiDocument, path: string, method: string, their: OpenApiOperation): string[] {
  const our = ours.paths[path]?.[method]
  if (!our) return [`${method} ${path}: missing`]
  const id = their.operationId
  const found: string[] = []
  if (our.operationId !== id) found.push(`${id}: named ${our.operationId}`)
  if (our.tags[0] !== their.tags[0]?.toLowerCase()) found.push(`${id}: tagged ${our.tags[0]}`)
  const schemas = new Comparison(theirs, found)
  for (const parameter of their.parameters ?? []) {
    const known = find(our.parameters ?? [], parameter)
    if (!known) found.push(`${id} ${parameter.name}: missing`)
    else if (Boolean(known.required) !== Boolean(parameter.required)) found.push(`${id} ${parameter.name}: required`)
    else schemas.compare(parameter.schema, known.schema, `${id} ${parameter.name}`)
  }
  for (const [type, { schema }] of Object.entries(their.requestBody?.content ?? {})) {
    const known = our.requestBody?.content[type]
    if (known) schemas.compare(schema, known.schema, `${id} body`)
    else found.push(`${id} body: no ${type}`)
  }
  for (const [status, response] of Object.entries(their.responses)) {
    const { content } = resolve(theirs, response as unknown as Json) as {
      content?: OpenApiOperation['responses'][string]['content']
    }
    const known = our.responses[status]
    const schema = content?.['application/json']?.schema
    if (!known) found.push(`${id} ${status}: missing`)
    else if (schema) schemas.compare(schema, known.content?.['application/json']?.schema ?? {}, `${id} ${status}`)
    else if (known.content && status !== 'default') found.push(`${id} ${status}: has a body`)
  }
  return found
}

/** Compares schemas property by property; each pair of models once. */
class Comparison {
  readonly #theirs: OpenApiDocument
  readonly #found: string[]
  readonly #seen = new Set<string>()

  constructor(theirs: OpenApiDocument, found: string[]) {
    this.#theirs = theirs
    this.#found = found
  }

  compare(theirSchema: Json, ourSchema: Json, place: string): void {
    const theirName = nameOf(theirSchema)
    const ourName = nameOf(ourSchema)
    if (theirName && theirName !== ourName) this.#found.push(`${place}: model ${theirName} is ${ourName ?? 'inline'}`)
    if (theirName && this.#seen.has(theirName)) return
    if (theirName) this.#seen.add(theirName)
    const at = theirName ?? place
    const their = resolve(this.#theirs, theirSchema)
    const our = resolve(ours, ourSchema)
    for (const key of ['type', 'format', 'nullable', 'minimum', 'maximum', 'default', 'pattern']) {
      if (their[key] !== our[key]) this.#found.push(`${at}: ${key} ${String(their[key])} is ${String(our[key])}`)
    }
    this.#compareWords(their, our, at)
    this.#compareProperties(their, our, at)
    if (their.items) this.compare(their.items as Json, (our.items ?? {}) as Json, `${at}[]`)
    if (isSchema(their.additionalProperties)) {
      this.compare(their.additionalProperties, (our.additionalProperties ?? {}) as Json, `${at}{}`)
    }
    this.#compareUnion(their, our, at)
  }

  #compareWords(their: Json, our: Json, at: string): void {
    const words = (our.enum ?? []) as unknown[]
    const missing = ((their.enum ?? []) as unknown[]).filter((word) => !words.includes(word))
    if (missing.length > 0) this.#found.push(`${at}: enum lacks ${missing.join(', ')}`)
    if (!their.enum && our.enum) this.#found.push(`${at}: enum is narrower`)
  }

  #compareProperties(their: Json, our: Json, at: string): void {
    const properties = (our.properties ?? {}) as Record<string, Json>
    for (const [name, property] of Object.entries((their.properties ?? {}) as Record<string, Json>)) {
      const known = properties[name]
      if (known) this.compare(property, known, `${at}.${name}`)
      else this.#found.push(`${at}.${name}: missing`)
    }
    const [required, ourRequired] = [their.required, our.required].map((names) =>
      [...((names ?? []) as string[])].sort().join(),
    )
    if (required !== ourRequired) this.#found.push(`${at}: requires ${required}, here ${ourRequired}`)
  }

  #compareUnion(their: Json, our: Json, at: string): void {
    const members = (our.oneOf ?? []) as Json[]
    for (const member of (their.oneOf ?? []) as Json[]) {
      const name = nameOf(member)
      const known = members.find((one) => nameOf(one) === name)
      if (known) this.compare(member, known, at)
      else this.#found.push(`${at}: lacks the member ${name}`)
    }
    const [discriminator, ourDiscriminator] = [their.discriminator, our.discriminator] as (
      | { propertyName: string; mapping: Json }
      | undefined
    )[]
    if (discriminator?.propertyName !== ourDiscriminator?.propertyName) this.#found.push(`${at}: discriminator`)
    for (const [value, name] of Object.entries(discriminator?.mapping ?? {})) {
      if (ourDiscriminator?.mapping[value] !== name) this.#found.push(`${at}: ${value} is not ${name}`)
    }
  }
}

function isSchema(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

/** The model that a schema refers to, also where it is wrapped to be marked nullable. */
function nameOf(schema: Json): string | undefined {
  const [only] = (schema.allOf ?? []) as Json[]
  const reference = (schema.$ref ?? only?.$ref) as string | undefined
  return reference?.split('/').at(-1)
}

function resolve(document: OpenApiDocument, schema: Json): Json {
  const [only] = (schema.allOf ?? []) as Json[]
  const reference = (schema.$ref ?? only?.$ref) as string | undefined
  if (!reference) return schema
  const target = reference
    .split('/')
    .slice(1)
    .reduce((at: Json, key) => at[key] as Json, document as unknown as Json)
  return { ...resolve(document, target), ...(schema.nullable !== undefined && { nullable: schema.nullable }) }
}
