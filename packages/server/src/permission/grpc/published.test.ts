import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import type { DescField, DescMethod } from '@bufbuild/protobuf'
import { FieldDescriptorProto_Label as Label, FieldDescriptorProto_Type as Type } from '@bufbuild/protobuf/wkt'
import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { keto, registry } from '../../../test/grpc.ts'

/** Ory's own client; it brings the files that it was made from. */
const client = dirname(createRequire(import.meta.url).resolve('@ory/keto-grpc-client'))
const folder = keto.replaceAll('.', '/')
const services = ['check', 'expand', 'namespaces', 'read', 'write'].map((name) => `${name}_service`)
const files = [
  'ory/keto/opl/v1alpha1/syntax_service.proto',
  ...[...services, 'relation_tuples', 'version'].map((name) => `${folder}/${name}.proto`),
]

/** What the client, made for Keto 0.13, does not know of Keto 26.2. */
const newer = [
  `file ${keto}.BatchCheckRequest ${folder}/check_service.proto`,
  `file ${keto}.BatchCheckResponse ${folder}/check_service.proto`,
  `file ${keto}.CheckResponseWithError ${folder}/check_service.proto`,
  `rpc ${keto}.CheckService.BatchCheck (${keto}.BatchCheckRequest) (${keto}.BatchCheckResponse)`,
  `field ${keto}.BatchCheckRequest.tuples 1 repeated ${keto}.RelationTuple`,
  `field ${keto}.BatchCheckRequest.latest 2 bool`,
  `field ${keto}.BatchCheckRequest.snaptoken 3 string`,
  `field ${keto}.BatchCheckRequest.max_depth 4 int32`,
  `field ${keto}.BatchCheckResponse.results 1 repeated ${keto}.CheckResponseWithError`,
  `field ${keto}.CheckResponseWithError.allowed 1 bool`,
  `field ${keto}.CheckResponseWithError.error 2 string`,
  `field ${keto}.CheckResponseWithError.snaptoken 3 string`,
]

describe("what is declared of Keto's services", () => {
  const theirs = publishedLines()
  const ours = ownLines()

  it('has all that is published, to the number and type of every field', () => {
    expect(theirs.length).toBeGreaterThan(80)
    expect(theirs.filter((line) => !ours.includes(line))).toEqual([])
  })

  it('has beyond that what newer versions brought, and nothing else', () => {
    expect(ours.filter((line) => !theirs.includes(line)).sort()).toEqual([...newer].sort())
  })
})

/** A line for everything that is published. */
function publishedLines(): string[] {
  const root = new protobuf.Root()
  // What is Google's comes with the reader.
  root.resolvePath = (_from, to) => (to.startsWith('google/') ? to : join(client, to))
  root.loadSync(files, { keepCase: true }).resolveAll()
  return root.nestedArray.flatMap(linesOf)
}

function linesOf(one: protobuf.ReflectionObject): string[] {
  const inside = one instanceof protobuf.Namespace ? one.nestedArray.flatMap(linesOf) : []
  const name = one.fullName.slice(1)
  const line = fileLine(name, one.filename ? relative(client, one.filename) : '')
  if (one instanceof protobuf.Type) return [line, ...one.fieldsArray.map(publishedField), ...inside]
  if (one instanceof protobuf.Enum) return [line, ...Object.entries(one.values).map(valueLine(name))]
  if (one instanceof protobuf.Service) return [line, ...one.methodsArray.map(publishedMethod)]
  return inside
}

function publishedField(field: protobuf.Field): string {
  const { id, repeated, options = {}, partOf } = field
  const isOptional = options.proto3_optional === true
  return fieldLine(field.fullName.slice(1), id, [
    isOptional && 'optional',
    repeated && 'repeated',
    options.deprecated === true && 'deprecated',
    partOf && !isOptional && `in ${partOf.name}`,
    field.resolvedType?.fullName.slice(1) ?? field.type,
  ])
}

function publishedMethod(method: protobuf.Method): string {
  const { resolvedRequestType: input, resolvedResponseType: output, requestStream, responseStream } = method
  const name = (type: protobuf.Type | null) => type?.fullName.slice(1) ?? ''
  return rpcLine(method.fullName.slice(1), [requestStream, name(input)], [responseStream, name(output)])
}

/** A line for everything of Keto's that reflection tells of this server. */
function ownLines(): string[] {
  const ofKeto = (file: { name: string }) => !file.name.startsWith('grpc/')
  return [...registry].flatMap((one) => {
    if (one.kind === 'extension' || !ofKeto(one.file)) return []
    const name = one.typeName
    const line = fileLine(name, one.file.proto.name)
    if (one.kind === 'message') return [line, ...one.fields.map(ownField)]
    if (one.kind === 'service') return [line, ...one.methods.map(ownMethod)]
    return [line, ...one.values.map((value) => valueLine(name)([value.name, value.number]))]
  })
}

function ownField({ proto, parent, oneof }: DescField): string {
  return fieldLine(`${parent.typeName}.${proto.name}`, proto.number, [
    proto.proto3Optional && 'optional',
    proto.label === Label.REPEATED && 'repeated',
    proto.options?.deprecated === true && 'deprecated',
    oneof && `in ${oneof.name}`,
    proto.typeName ? proto.typeName.slice(1) : Type[proto.type].toLowerCase(),
  ])
}

function ownMethod({ proto, parent, input, output }: DescMethod): string {
  const [request, response] = [proto.clientStreaming, proto.serverStreaming]
  return rpcLine(`${parent.typeName}.${proto.name}`, [request, input.typeName], [response, output.typeName])
}

/** What Keto's files only use is the same wherever it is declared. */
function fileLine(name: string, file: string): string {
  return `file ${name} ${name.startsWith('google.') ? '-' : file}`
}

function fieldLine(name: string, number: number, rest: readonly (string | false | null | undefined)[]): string {
  return ['field', name, number, ...rest.filter(Boolean)].join(' ')
}

type Side = [isStream: boolean | null | undefined, type: string]

function rpcLine(name: string, ...sides: [Side, Side]): string {
  return ['rpc', name, ...sides.map(([isStream, type]) => `(${isStream ? 'stream ' : ''}${type})`)].join(' ')
}

function valueLine(of: string): (value: [string, number]) => string {
  return ([name, number]) => `value ${of} ${name} ${number}`
}
