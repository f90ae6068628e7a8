import { type DescFile, type FileRegistry, toBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { status } from '@grpc/grpc-js'
import type { Init, Service } from './declare.ts'
import { fullName, registryOf } from './descriptors.ts'
import { type Implementation, implement } from './implement.ts'
import { type ReflectionRequest, type ReflectionResponse, reflectionService } from './reflection-messages.ts'

/** Tells tools such as grpcurl what is served (gRPC Server Reflection Protocol), in both its versions. */
export function reflectionOf(services: readonly Service[]): Implementation[] {
  const own = ['v1', 'v1alpha'].map(reflectionService)
  const all = [...services, ...own]
  const registry = registryOf(all.map(({ file }) => file))
  const names = all.map(fullName).sort()
  return own.map((service) =>
    implement(
      service,
      {
        ServerReflectionInfo: (request) => ({
          validHost: request.host,
          originalRequest: request,
          messageResponse: answer(registry, names, request.messageRequest),
        }),
      },
      { open: true },
    ),
  )
}

type Asked = ReflectionRequest['messageRequest']
type Answer = Init<ReflectionResponse>['messageResponse']

function answer(registry: FileRegistry, names: readonly string[], asked: Asked): Answer {
  switch (asked.case) {
    case 'listServices':
      return { case: 'listServicesResponse', value: { service: names.map((name) => ({ name })) } }
    case 'fileByFilename':
      return file(registry.getFile(asked.value))
    case 'fileContainingSymbol':
      return file(fileOf(registry, asked.value))
    case 'fileContainingExtension':
      return notFound()
    case 'allExtensionNumbersOfType':
      // Nothing here is extended.
      if (!registry.getMessage(asked.value)) return notFound()
      return { case: 'allExtensionNumbersResponse', value: { baseTypeName: asked.value } }
    default:
      return refused(status.INVALID_ARGUMENT, 'The request asks for nothing.')
  }
}

/** A file with all that it imports, what is imported first of all last. */
function file(found: DescFile | undefined): Answer {
  if (!found) return notFound()
  const files = new Set<DescFile>()
  const visit = (one: DescFile) => {
    files.add(one)
    for (const other of one.dependencies) visit(other)
  }
  visit(found)
  const fileDescriptorProto = [...files].map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto))
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto } }
}

/** Where a message, an enumeration, a service, or a field or method of one, is declared. */
function fileOf(registry: FileRegistry, symbol: string): DescFile | undefined {
  const name = symbol.replace(/^\./, '')
  const found = registry.get(name)
  if (found) return found.file
  const parent = registry.get(name.slice(0, Math.max(0, name.lastIndexOf('.'))))
  const last = name.slice(name.lastIndexOf('.') + 1)
  if (parent?.kind === 'service') return parent.methods.find((one) => one.name === last)?.parent.file
  if (parent?.kind === 'message') return parent.fields.find((one) => one.name === last)?.parent.file
  return undefined
}

function notFound(): Answer {
  return refused(status.NOT_FOUND, 'There is nothing of this name here.')
}

function refused(errorCode: status, errorMessage: string): Answer {
  return { case: 'errorResponse', value: { errorCode, errorMessage } }
}
