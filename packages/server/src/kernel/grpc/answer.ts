import { create, type DescMessage, type DescMethod, fromBinary, toBinary } from '@bufbuild/protobuf'
import type {
  handleBidiStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  Metadata,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { ApiError } from '@latchkey/api'
import { type Authorize, callerContext } from '../caller.ts'
import type { Context } from '../context.ts'
import { type ContextLookup, ifLoaded } from '../context-lookup.ts'
import type { AnyHandler, Implementation } from './implement.ts'
import { headerOf } from './metadata.ts'
import { statusOf } from './status.ts'

export interface AnswerOptions {
  /** Finds the project of a host name. */
  readonly context: ContextLookup
  /** Authenticates callers of non-public services; if undefined, everybody may call. */
  readonly authorize?: Authorize
}

/** A service for grpc-js. Messages are passed as bytes, so that we determine the status of a malformed one. */
export function grpcService(
  { service, handlers, isOpen }: Implementation,
  options: AnswerOptions,
): { definition: ServiceDefinition; functions: UntypedServiceImplementation } {
  const definition: Record<string, ServiceDefinition[string]> = {}
  const functions: UntypedServiceImplementation = {}
  for (const method of service.methods) {
    const handle = handlers[method.localName]
    const answer = answers[method.methodKind]
    if (!handle || !answer) throw new Error(`the method ${method.name} has no handler`)
    const path = `/${service.typeName}/${method.name}`
    const requestStream = method.methodKind === 'bidi_streaming'
    const responseStream = method.methodKind !== 'unary'
    definition[method.name] = { path, requestStream, responseStream, ...asBytes }
    functions[method.name] = answer({ path, handle, isOpen, method }, options)
  }
  return { definition, functions }
}

interface Rpc {
  readonly path: string
  readonly handle: AnyHandler
  readonly isOpen: boolean
  readonly method: DescMethod
}

const same = (bytes: Buffer) => bytes
const asBytes = {
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
}

const answers = { unary, server_streaming: streamAnswers, bidi_streaming: dialogue, client_streaming: undefined }

function unary(rpc: Rpc, options: AnswerOptions): handleUnaryCall<Buffer, Buffer> {
  const handle = rpc.handle as (ctx: Context, request: object) => Promise<object> | object
  const actingOn = callerContext(rpc.isOpen, options.authorize)
  const answer = async (ctx: Context | undefined, request: Buffer, metadata: Metadata) => {
    if (!ctx) throw ApiError.notFound({ reason: 'There is no project with this host name.' })
    const acting = await actingOn(ctx, { header: (name) => headerOf(metadata, name) })
    return encode(rpc.method.output, await handle(acting, decode(rpc.method.input, request)))
  }
  return (call, callback) => {
    const found = options.context(call.getHost())
    const reply =
      found instanceof Promise
        ? found.then((ctx) => answer(ctx, call.request, call.metadata))
        : answer(found, call.request, call.metadata)
    reply.then(
      (message) => callback(null, message),
      (error: unknown) => callback(statusOf(error, { ctx: ifLoaded(options.context(call.getHost())), path: rpc.path })),
    )
  }
}

function streamAnswers(rpc: Rpc, options: AnswerOptions): handleServerStreamingCall<Buffer, Buffer> {
  return (call) => {
    const stream = {
      peer: call.getPeer().replace(/:\d+$/, ''),
      write: (message: object) => void call.write(encode(rpc.method.output, message)),
      end: () => call.end(),
      onEnd: (then: () => void) => void call.once('cancelled', then).once('close', then),
    }
    try {
      const handle = rpc.handle as (request: object, answers: typeof stream) => void
      handle(decode(rpc.method.input, call.request), stream)
    } catch (error) {
      call.emit('error', statusOf(error, { ctx: ifLoaded(options.context(call.getHost())), path: rpc.path }))
    }
  }
}

function dialogue(rpc: Rpc, options: AnswerOptions): handleBidiStreamingCall<Buffer, Buffer> {
  const handle = rpc.handle as (request: object) => object
  return (call) => {
    call.on('data', (request: Buffer) => {
      try {
        // Back-pressure: no further requests are read until the caller has read the responses.
        if (call.write(encode(rpc.method.output, handle(decode(rpc.method.input, request))))) return
        call.pause()
        call.once('drain', () => call.resume())
      } catch (error) {
        call.emit('error', statusOf(error, { ctx: ifLoaded(options.context(call.getHost())), path: rpc.path }))
      }
    })
    call.on('end', () => call.end())
  }
}

/** @throws ApiError 400 if the bytes are not a valid message */
function decode(schema: DescMessage, bytes: Uint8Array): object {
  try {
    return fromBinary(schema, bytes, { readUnknownFields: false })
  } catch {
    throw ApiError.badRequest({ reason: `The request is not a valid message of the type ${schema.typeName}.` })
  }
}

function encode(schema: DescMessage, message: object): Buffer {
  const { buffer, byteOffset, byteLength } = toBinary(schema, create(schema, { ...message }))
  return Buffer.from(buffer, byteOffset, byteLength)
}
