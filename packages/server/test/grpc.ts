import type { AddressInfo } from 'node:net'
import {
  createRegistry,
  fromBinary,
  fromJson,
  type JsonObject,
  type JsonValue,
  toBinary,
  toJson,
} from '@bufbuild/protobuf'
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import type { FastifyInstance } from 'fastify'
import { freshDatabase } from '../../../test/stage/postgres.ts'
import { createProjectToken } from '../src/apikey/index.ts'
import { defaultDocument } from '../src/configuration/default-project.ts'
import { defaultProject } from '../src/configuration/index.ts'
import { Health } from '../src/generated/grpc/health/v1/health_pb.ts'
import { ServerReflection } from '../src/generated/grpc/reflection/v1/reflection_pb.ts'
import { ServerReflection as ServerReflectionAlpha } from '../src/generated/grpc/reflection/v1alpha/reflection_pb.ts'
import { permissionServices } from '../src/permission/index.ts'
import { parseOpl } from '../src/permission/opl/parse.ts'
import { openApp } from './running.ts'

const services = [
  ...new Set(Object.values(permissionServices).flatMap((list) => list.map(({ service }) => service))),
  Health,
  ServerReflection,
  ServerReflectionAlpha,
]
const files = services.map(({ file }) => file)
/** Everything that is served, by its full name. */
export const registry = createRegistry(...files.flatMap((file) => [file, ...file.dependencies]))
export const keto = 'ory.keto.relation_tuples.v1alpha2'

export interface Answer {
  code: status
  details: string
  /** In JSON's form: empty values are left out, enumerations have names. */
  message: JsonObject
}

export interface GrpcClient {
  /** Calls a method such as `ory.keto.opl.v1alpha1.SyntaxService/Check` with a message in JSON's form. */
  call(method: string, message: JsonValue): Promise<Answer>
  /** The same with a message as bytes. */
  send(method: string, bytes: Uint8Array): Promise<Answer>
  readonly channel: Client
  close(): void
}

/** A client for all that is served; `authority` is what it calls the server. */
export function grpcClient(
  port: number,
  { token, authority }: { token?: string; authority?: string } = {},
): GrpcClient {
  const channel = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    ...(authority && { 'grpc.default_authority': authority }),
    'grpc.use_local_subchannel_pool': 1,
  })
  const metadata = new Metadata()
  if (token) metadata.set('authorization', `Bearer ${token}`)

  function send(method: string, bytes: Uint8Array): Promise<Answer> {
    const { output } = schemasOf(method)
    const same = (sent: Buffer) => sent
    const options = { deadline: Date.now() + 10_000 }
    return new Promise((resolve) => {
      channel.makeUnaryRequest(
        `/${method}`,
        same,
        same,
        Buffer.from(bytes),
        metadata,
        options,
        (error: ServiceError | null, answer?: Buffer) => {
          if (error) resolve({ code: error.code, details: error.details, message: {} })
          else resolve({ code: status.OK, details: '', message: json(output, answer) })
        },
      )
    })
  }
  function json(output: ReturnType<typeof schemasOf>['output'], answer: Buffer = Buffer.alloc(0)): JsonObject {
    return toJson(output, fromBinary(output, answer), { registry }) as JsonObject
  }
  return {
    send,
    call: (method, message) =>
      send(method, toBinary(schemasOf(method).input, fromJson(schemasOf(method).input, message))),
    channel,
    close: () => channel.close(),
  }
}

export function schemasOf(method: string) {
  const [service = '', name] = method.split('/')
  const found = registry.getService(service)?.methods.find((one) => one.name === name)
  if (!found) throw new Error(`there is no method ${method}`)
  return found
}

/** Makes a server listen on a port of its own, and tells which. */
export async function listening(http: FastifyInstance | undefined): Promise<number> {
  if (!http) throw new Error('there is no listener')
  await http.listen({ host: '127.0.0.1', port: 0 })
  return (http.server.address() as AddressInfo).port
}

const model = `
  class User implements Namespace {}
  class Group implements Namespace { related: { members: (User | SubjectSet<Group, "members">)[] } }
  class File implements Namespace {
    related: { owners: User[]; viewers: (User | SubjectSet<Group, "members">)[] }
    permits = { view: (ctx: Context) => this.related.viewers.includes(ctx.subject) || this.related.owners.includes(ctx.subject) }
  }`

/** A server with the model of files and groups on one origin, and a second project beside its own. */
export async function openGrpcApp(dsn = 'memory') {
  const loaded = await defaultProject({ port: 4000, mode: 'dev' })
  const { namespaces } = parseOpl(model)
  const config = { ...loaded.config, permission: { ...loaded.config.permission, namespaces } }
  const own = await openApp({
    loaded: { ...loaded, config },
    dsn: dsn === 'memory' ? dsn : await freshDatabase(dsn),
  })
  const port = await listening(own.app.listeners[0]?.http)
  const document = defaultDocument(4000)
  const location = `base64://${Buffer.from(model).toString('base64')}`
  /** Adds a project; returns a token of it. */
  async function addProject(slug: string, permission: object = {}): Promise<string> {
    const services = { ...document.services, permission: { config: { namespaces: { location }, ...permission } } }
    return createProjectToken(await own.app.projects.save({ slug, name: slug }, { ...document, services }), 'test')
  }
  return { ...own, port, addProject, otherToken: await addProject('other') }
}
