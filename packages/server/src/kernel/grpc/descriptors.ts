import { create, createFileRegistry, type FileRegistry, type MessageInitShape } from '@bufbuild/protobuf'
import {
  type DescriptorProtoSchema,
  type EnumDescriptorProtoSchema,
  type FieldDescriptorProtoSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  type ServiceDescriptorProtoSchema,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt'
import type { Field, Message, OneOf, ProtoEnum, ProtoFile, Service, Sort } from './declare.ts'

/** Files and all that they import, each after what it imports. */
export function withImports(files: readonly ProtoFile[]): ProtoFile[] {
  const found = new Set<ProtoFile>()
  const visit = (file: ProtoFile) => {
    if (found.has(file)) return
    for (const other of importsOf(file)) visit(other)
    found.add(file)
  }
  for (const file of files) visit(file)
  return [...found]
}

/** What files declare, in the form that the codec and reflection use. */
export function registryOf(files: readonly ProtoFile[]): FileRegistry {
  return createFileRegistry(create(FileDescriptorSetSchema, { file: withImports(files).map(describe) }))
}

export function fullName({ file, name }: Message<object> | ProtoEnum | Service): string {
  return `${file.package}.${name}`
}

function describe(file: ProtoFile): FileDescriptorProto {
  return create(FileDescriptorProtoSchema, {
    name: file.name,
    package: file.package,
    syntax: 'proto3',
    dependency: importsOf(file).map(({ name }) => name),
    messageType: file.messages.filter(({ name }) => !name.includes('.')).map(describeMessage),
    enumType: file.enums.filter(({ name }) => !name.includes('.')).map(describeEnum),
    service: file.services.map(describeService),
  })
}

function importsOf(file: ProtoFile): ProtoFile[] {
  const ofFields = file.messages.flatMap((one) => fieldsOf(one).map(({ field }) => target(field.sort)?.file))
  const ofMethods = file.services.flatMap(({ methods }) =>
    Object.values(methods).flatMap(({ input, output }) => [input.file, output.file]),
  )
  return [...new Set([...ofFields, ...ofMethods])].filter(
    (other): other is ProtoFile => other !== undefined && other !== file,
  )
}

function describeMessage(message: Message<object>): MessageInitShape<typeof DescriptorProtoSchema> {
  const isWithin = ({ name }: { name: string }) => name.startsWith(`${message.name}.`)
  const oneOfs = Object.keys(message.fields).filter((name) => 'oneOf' in (message.fields[name] ?? {}))
  const fields = fieldsOf(message)
  const optional = fields.filter(({ field }) => field.label === 'optional')
  // A field that tells absence from emptiness is the only one of a oneof that nobody sees (descriptor.proto).
  const hidden = optional.map(({ name }) => `_${name}`)
  return {
    name: shortName(message),
    field: fields.map(({ name, field, within }) => {
      const index = field.label === 'optional' ? oneOfs.length + hidden.indexOf(`_${name}`) : oneOfs.indexOf(within)
      const described = field.label === 'map' ? describeMap(message, name, field) : describeField(name, field)
      return { ...described, ...(index >= 0 && { oneofIndex: index }) }
    }),
    oneofDecl: [...oneOfs, ...hidden].map((name) => ({ name })),
    nestedType: [...message.file.messages.filter(isWithin).map(describeMessage), ...fields.flatMap(describeEntry)],
    enumType: message.file.enums.filter(isWithin).map(describeEnum),
  }
}

interface NamedField {
  name: string
  field: Field
  /** The name of its oneof; empty where it is in none. */
  within: string
}

function fieldsOf({ fields }: Message<object>): NamedField[] {
  return Object.entries(fields).flatMap(([name, one]) => {
    if (!isOneOf(one)) return [{ name, field: one, within: '' }]
    return Object.entries(one.oneOf).map(([inside, field]) => ({ name: inside, field, within: name }))
  })
}

function isOneOf(one: Field | OneOf): one is OneOf {
  return 'oneOf' in one
}

const scalars = { string: Type.STRING, bytes: Type.BYTES, bool: Type.BOOL, int32: Type.INT32, uint32: Type.UINT32 }

function describeField(
  name: string,
  { number, sort, label, deprecated }: Field,
): MessageInitShape<typeof FieldDescriptorProtoSchema> {
  const of = target(sort)
  return {
    name,
    number,
    jsonName: camel(name),
    label: label === 'repeated' ? Label.REPEATED : Label.OPTIONAL,
    type: typeof sort === 'string' ? scalars[sort] : typeof sort === 'function' ? Type.MESSAGE : Type.ENUM,
    ...(of && { typeName: `.${fullName(of)}` }),
    ...(label === 'optional' && { proto3Optional: true }),
    ...(deprecated && { options: { deprecated } }),
  }
}

/** A map is a list of messages that each have a name and a value (descriptor.proto). */
function describeMap(
  message: Message<object>,
  name: string,
  { number }: Field,
): MessageInitShape<typeof FieldDescriptorProtoSchema> {
  const typeName = `.${fullName(message)}.${entryName(name)}`
  return { ...describeField(name, { number, sort: 'string', label: 'repeated' }), type: Type.MESSAGE, typeName }
}

function describeEntry({ name, field }: NamedField): MessageInitShape<typeof DescriptorProtoSchema>[] {
  if (field.label !== 'map') return []
  const value = describeField('value', { number: 2, sort: field.sort })
  const key = describeField('key', { number: 1, sort: 'string' })
  return [{ name: entryName(name), field: [key, value], options: { mapEntry: true } }]
}

function entryName(field: string): string {
  return `${camel(`_${field}`)}Entry`
}

function camel(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function target(sort: Sort): Message<object> | ProtoEnum | undefined {
  if (typeof sort === 'string') return undefined
  return typeof sort === 'function' ? sort() : sort
}

function describeEnum(of: ProtoEnum): MessageInitShape<typeof EnumDescriptorProtoSchema> {
  return { name: shortName(of), value: of.values.map((name, number) => ({ name, number })) }
}

function describeService({ name, methods }: Service): MessageInitShape<typeof ServiceDescriptorProtoSchema> {
  return {
    name,
    method: Object.entries(methods).map(([method, { input, output, kind }]) => ({
      name: method,
      inputType: `.${fullName(input)}`,
      outputType: `.${fullName(output)}`,
      clientStreaming: kind === 'dialogue',
      serverStreaming: kind !== 'unary',
    })),
  }
}

function shortName({ name }: { name: string }): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
