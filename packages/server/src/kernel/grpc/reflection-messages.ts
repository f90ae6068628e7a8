import { bytes, dialogue, inner, int32, type Message, oneOf, ProtoFile, repeated, text } from './declare.ts'

/** The service and its messages, which are the same in every version of the protocol. */
export function reflectionService(version: string) {
  const file = new ProtoFile(`grpc/reflection/${version}/reflection.proto`)
  const extension = file.message('ExtensionRequest', { containing_type: text(1), extension_number: int32(2) })
  const request = file.message('ServerReflectionRequest', {
    host: text(1),
    message_request: oneOf({
      file_by_filename: text(3),
      file_containing_symbol: text(4),
      file_containing_extension: inner(5, extension),
      all_extension_numbers_of_type: text(6),
      list_services: text(7),
    }),
  })
  const files = file.message('FileDescriptorResponse', { file_descriptor_proto: repeated(bytes(1)) })
  const numbers = file.message('ExtensionNumberResponse', {
    base_type_name: text(1),
    extension_number: repeated(int32(2)),
  })
  const service = file.message('ServiceResponse', { name: text(1) })
  const services = file.message('ListServiceResponse', { service: repeated(inner(1, service)) })
  const error = file.message('ErrorResponse', { error_code: int32(1), error_message: text(2) })
  const response = file.message('ServerReflectionResponse', {
    valid_host: text(1),
    original_request: inner(2, request),
    message_response: oneOf({
      file_descriptor_response: inner(4, files),
      all_extension_numbers_response: inner(5, numbers),
      list_services_response: inner(6, services),
      error_response: inner(7, error),
    }),
  })
  return file.service('ServerReflection', { ServerReflectionInfo: dialogue(request, response) })
}

type Info = ReturnType<typeof reflectionService>['methods']['ServerReflectionInfo']
type TypeOf<M> = M extends Message<infer T> ? T : never
export type ReflectionRequest = TypeOf<Info['input']>
export type ReflectionResponse = TypeOf<Info['output']>
