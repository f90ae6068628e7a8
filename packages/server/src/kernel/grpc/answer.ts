import type { FileRegistry } from '@bufbuild/protobuf'
import type {
  handleBidiStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  Metadata,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { ApiError } from '@latchkey/api'
import type { Context } from '../context.ts'
import { type ContextLookup, ifLoaded } from '../context-lookup.ts'
import { actingAsShared, administrator, anonymous } from '../derived-context.ts'
import { type Caller, headerOf } from './caller.ts'
import { type Codec, codecOf } from './codec.ts'
import type { Kind, Service } from './declare.ts'
import { fullName } from './descriptors.ts'
import type { AnyHandler, Implementation } from './implement.ts'
import { statusOf } from './status.ts'

export interface Answering {
  /** The project that a host name stands for. */
  readonly context: ContextLookup
  /** The context in which a caller acts; throws unless they may use services that are not open to everybody. */
  readonly authorise?: (ctx: Context, caller: Caller) => Promise<Context>
}

/** A service in the form that grpc-js takes. Messages come and go as bytes, so that a fault in them has our status. */
export function answers(
  registry: FileRegistry,
  { service, handlers, open }: Implementation,
  options: Answering,
): { definition: ServiceDefinition; functions: UntypedServiceImplementation } {
  const definition: Record<string, ServiceDefinition[string]> = {}
  const functions: UntypedServiceImplementation = {}
  for (const [name, { input, output, kind }] of Object.entries(service.methods)) {
    const handle = handlers[name]
    if (!handle) throw new Error(`the method ${name} has no handler`)
    const path = pathOf(service, name)
    definition[name] = { path, ...streams[kind], ...asBytes }
    const rpc: Rpc = { path, handle, open, input: codecOf(registry, input), output: codecOf(registry, output) }
    functions[name] = byKind[kind](rpc, options)
  }
  return { definition, functions }
}

export function pathOf(service: Service, method: string): string {
  return `/${fullName(service)}/${method}`
}

interface Rpc {
  readonly path: string
  readonly handle: AnyHandler
  readonly open: boolean
  readonly input: Codec
  readonly output: Codec
}

const same = (bytes: Buffer) => bytes
const asBytes = {
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
}

const streams: Record<Kind, { requestStream: boolean; responseStream: boolean }> = {
  unary: { requestStream: false, responseStream: false },
  watch: { requestStream: false, responseStream: true },
  dialogue: { requestStream: true, responseStream: true },
}

const byKind = { unary, watch, dialogue }

function unary(rpc: Rpc, options: Answering): handleUnaryCall<Buffer, Buffer> {
  const answered = async (ctx: Context | undefined, request: Buffer, metadata: Metadata) => {
    if (!ctx) throw ApiError.notFound({ reason: 'There is no project at this address.' })
    const acting = await actingOn(ctx, rpc, { options, metadata })
    const handle = rpc.handle as (ctx: Context, request: object) => Promise<object> | object
    return rpc.output.write(await handle(acting, rpc.input.read(request)))
  }
  return (call, callback) => {
    const found = options.context(call.getHost())
    const reply =
      found instanceof Promise
        ? found.then((ctx) => answered(ctx, call.request, call.metadata))
        : answered(found, call.request, call.metadata)
    reply.then(
      (message) => callback(null, message),
      (error: unknown) => callback(statusOf(error, { ctx: ifLoaded(options.context(call.getHost())), path: rpc.path })),
    )
  }
}

/** Where nobody is asked for a token, whoever reaches a service is an administrator. */
async function actingOn(
  ctx: Context,
  { open }: Rpc,
  { options, metadata }: { options: Answering; metadata: Metadata },
): Promise<Context> {
  if (open) return actingAsShared(ctx, anonymous)
  if (!options.authorise) return actingAsShared(ctx, administrator)
  return options.authorise(ctx, { header: (name) => headerOf(metadata, name) })
}

function watch(rpc: Rpc, options: Answering): handleServerStreamingCall<Buffer, Buffer> {
  return (call) => {
    const stream = {
      write: (message: object) => void call.write(rpc.output.write(message)),
      end: () => call.end(),
      onEnd: (then: () => void) => void call.once('cancelled', then).once('close', then),
    }
    try {
      const handle = rpc.handle as (request: object, answer: typeof stream) => void
      handle(rpc.input.read(call.request), stream)
    } catch (error) {
      call.emit('error', statusOf(error, { ctx: ifLoaded(options.context(call.getHost())), path: rpc.path }))
    }
  }
}

function dialogue(rpc: Rpc, options: Answering): handleBidiStreamingCall<Buffer, Buffer> {
  return (call) => {
    call.on('data', (request: Buffer) => {
      try {
        const handle = rpc.handle as (request: object) => object
        // Who asks without reading the answers is not listened to until they are read.
        if (call.write(rpc.output.write(handle(rpc.input.read(request))))) return
        call.pause()
        call.once('drain', () => call.resume())
      } catch (error) {
        call.emit('error', statusOf(error, { ctx: ifLoaded(options.context(call.getHost())), path: rpc.path }))
      }
    })
    call.on('end', () => call.end())
  }
}
