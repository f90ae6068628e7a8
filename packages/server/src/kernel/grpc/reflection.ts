import { createRegistry, type DescFile, type DescService, type Registry, toBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { status } from '@grpc/grpc-js'
import { ServerReflection } from '../../generated/grpc/reflection/v1/reflection_pb.ts'
import { ServerReflection as ServerReflectionAlpha } from '../../generated/grpc/reflection/v1alpha/reflection_pb.ts'
import { type Implementation, implement } from './implement.ts'

/** gRPC Server Reflection Protocol (for tools such as grpcurl), versions v1 and v1alpha. */
export function reflectionOf(services: readonly DescService[]): Implementation[] {
  const all = [...services, ServerReflection as DescService, ServerReflectionAlpha as DescService]
  const served = servedFrom(all)
  const options = { isOpen: true }
  return [
    implement(
      ServerReflection,
      {
        serverReflectionInfo: (request) => ({
          validHost: request.host,
          originalRequest: request,
          messageResponse: answerTo(served, request.messageRequest),
        }),
      },
      options,
    ),
    implement(
      ServerReflectionAlpha,
      {
        serverReflectionInfo: (request) => ({
          validHost: request.host,
          originalRequest: request,
          messageResponse: answerTo(served, request.messageRequest),
        }),
      },
      options,
    ),
  ]
}

/** The request, common to both versions. */
type Question = { case: string | undefined; value?: unknown } & (
  | { case: 'listServices' | 'fileByFilename' | 'fileContainingSymbol' | 'allExtensionNumbersOfType'; value: string }
  | { case: 'fileContainingExtension' | undefined }
)

interface Served {
  readonly registry: Registry
  readonly files: ReadonlyMap<string, DescFile>
  readonly serviceNames: readonly string[]
}

function servedFrom(services: readonly DescService[]): Served {
  const files = new Map<string, DescFile>()
  for (const { file } of services) for (const one of withDependencies(file)) files.set(one.proto.name, one)
  return {
    registry: createRegistry(...files.values()),
    files,
    serviceNames: services.map(({ typeName }) => typeName).sort(),
  }
}

/** The response, common to both versions. */
type Answer =
  | { case: 'listServicesResponse'; value: { service: { name: string }[] } }
  | { case: 'fileDescriptorResponse'; value: { fileDescriptorProto: Uint8Array[] } }
  | { case: 'allExtensionNumbersResponse'; value: { baseTypeName: string } }
  | { case: 'errorResponse'; value: { errorCode: number; errorMessage: string } }

function answerTo({ registry, files, serviceNames }: Served, asked: Question): Answer {
  switch (asked.case) {
    case 'listServices':
      return { case: 'listServicesResponse', value: { service: serviceNames.map((name) => ({ name })) } }
    case 'fileByFilename':
      return fileAnswer(files.get(asked.value))
    case 'fileContainingSymbol':
      return fileAnswer(fileOf(registry, asked.value))
    case 'fileContainingExtension':
      return notFound()
    case 'allExtensionNumbersOfType':
      // Our messages have no extensions.
      if (!registry.getMessage(asked.value)) return notFound()
      return { case: 'allExtensionNumbersResponse', value: { baseTypeName: asked.value } }
    default:
      return errorAnswer(status.INVALID_ARGUMENT, 'The request is empty.')
  }
}

/** A file and its transitive imports, the importing file first. */
function fileAnswer(file: DescFile | undefined): Answer {
  if (!file) return notFound()
  const fileDescriptorProto = [...withDependencies(file)].map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto))
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto } }
}

function withDependencies(file: DescFile): Set<DescFile> {
  const files = new Set<DescFile>()
  const visit = (one: DescFile) => {
    files.add(one)
    for (const other of one.dependencies) visit(other)
  }
  visit(file)
  return files
}

/** The file that declares a message, enum, service, field or method. */
function fileOf(registry: Registry, symbol: string): DescFile | undefined {
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
  return errorAnswer(status.NOT_FOUND, 'The symbol was not found.')
}

function errorAnswer(errorCode: status, errorMessage: string): Answer {
  return { case: 'errorResponse', value: { errorCode, errorMessage } }
}
