import { create, type DescMessage, type FileRegistry, fromBinary, toBinary } from '@bufbuild/protobuf'
import { ApiError } from '@latchkey/api'
import type { Message } from './declare.ts'
import { fullName } from './descriptors.ts'

/** Reads and writes messages of one kind. */
export interface Codec {
  /** @throws ApiError 400 for what is no such message. */
  read(bytes: Uint8Array): object
  write(message: object): Buffer
}

/** The codec of a message that is in a registry. */
export function codecOf(registry: FileRegistry, message: Message<object>): Codec {
  const schema = registry.getMessage(fullName(message))
  if (!schema) throw new Error(`the message ${fullName(message)} is not registered`)
  return {
    read: (bytes) => read(schema, bytes),
    write(message) {
      const written = toBinary(schema, create(schema, { ...message }))
      return Buffer.from(written.buffer, written.byteOffset, written.byteLength)
    },
  }
}

function read(schema: DescMessage, bytes: Uint8Array): object {
  try {
    return fromBinary(schema, bytes, { readUnknownFields: false })
  } catch {
    throw ApiError.badRequest({ reason: `The request is not a message of the type ${schema.typeName}.` })
  }
}
