import { once } from 'node:events'
import { create, fromBinary, type MessageInitShape, toBinary, toJson } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { status } from '@grpc/grpc-js'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type GrpcClient, grpcClient, openGrpcApp, registry, schemasOf } from '../../../test/grpc.ts'

let server: Awaited<ReturnType<typeof openGrpcApp>>
let client: GrpcClient
beforeEach(async () => {
  server = await openGrpcApp()
  client = grpcClient(server.port)
})
afterEach(async () => {
  client.close()
  await server.close()
})

const services = [
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
  'ory.keto.opl.v1alpha1.SyntaxService',
  ...['Check', 'Expand', 'Namespaces', 'Read', 'Version', 'Write'].map(
    (name) => `ory.keto.relation_tuples.v1alpha2.${name}Service`,
  ),
]
const same = (bytes: Buffer) => bytes

it('needs a token but for health, reflection and the version', async () => {
  const open: string[] = []
  for (const one of registry) {
    if (one.kind !== 'service') continue
    for (const { name, methodKind } of one.methods) {
      if (methodKind !== 'unary') continue
      const { code } = await client.call(`${one.typeName}/${name}`, {})
      if (code !== status.UNAUTHENTICATED) open.push(`${one.typeName}/${name}`)
    }
  }
  expect(open).toEqual([
    'ory.keto.relation_tuples.v1alpha2.VersionService/GetVersion',
    ...['Check', 'List'].map((name) => `grpc.health.v1.Health/${name}`),
  ])
})

it('says that it serves, and that it does not know what is not there', async () => {
  const health = (service: string) => client.call('grpc.health.v1.Health/Check', { service })
  for (const service of ['', ...services.filter((name) => !name.includes('reflection'))])
    expect((await health(service)).message, service).toEqual({ status: 'SERVING' })
  expect(await health('nothing')).toMatchObject({ code: status.NOT_FOUND })
})

it('lists the health of the whole and of each service', async () => {
  const { message } = await client.call('grpc.health.v1.Health/List', {})
  const names = ['', ...services.filter((name) => !name.includes('reflection'))]
  expect(message).toEqual({ statuses: Object.fromEntries(names.map((name) => [name, { status: 'SERVING' }])) })
})

it('tells who watches its health that it closes', async () => {
  const { input, output } = schemasOf('grpc.health.v1.Health/Watch')
  const request = Buffer.from(toBinary(input, create(input)))
  const stream = client.channel.makeServerStreamRequest('/grpc.health.v1.Health/Watch', same, same, request)
  const heard: unknown[] = []
  stream.on('data', (bytes: Buffer) => heard.push(toJson(output, fromBinary(output, bytes))))
  await once(stream, 'data')
  const ended = once(stream, 'end')
  await server.app.listeners[0]?.http.close()
  await ended
  expect(heard).toEqual([{ status: 'SERVING' }, { status: 'NOT_SERVING' }])
})

it('limits the health watches of one client, and takes others when they end', async () => {
  const request = Buffer.from(
    toBinary(schemasOf('grpc.health.v1.Health/Watch').input, create(schemasOf('grpc.health.v1.Health/Watch').input)),
  )
  const clients = [client, grpcClient(server.port)]
  const watch = (number: number) => {
    const { channel } = clients[number % 2] ?? client
    const stream = channel.makeServerStreamRequest('/grpc.health.v1.Health/Watch', same, same, request)
    const outcome = new Promise<string>((resolve) => {
      stream.once('data', () => resolve('watches'))
      stream.on('error', ({ code }: { code: status }) => resolve(status[code] ?? ''))
    })
    return { stream, outcome }
  }
  const watches = Array.from({ length: 110 }, (_, number) => watch(number))
  const outcomes = await Promise.all(watches.map(({ outcome }) => outcome))
  expect(outcomes.filter((one) => one === 'watches')).toHaveLength(100)
  expect(outcomes.filter((one) => one === 'RESOURCE_EXHAUSTED')).toHaveLength(10)
  for (const { stream } of watches) stream.cancel()
  await expect.poll(() => watch(0).outcome).toBe('watches')
  clients[1]?.close()
})

it('reports a call that its client canceled as 499', async () => {
  const request = Buffer.from(
    toBinary(schemasOf('grpc.health.v1.Health/Watch').input, create(schemasOf('grpc.health.v1.Health/Watch').input)),
  )
  const stream = client.channel.makeServerStreamRequest('/grpc.health.v1.Health/Watch', same, same, request)
  stream.on('error', () => {})
  await once(stream, 'data')
  stream.cancel()
  const statuses = () =>
    server.lines
      .map((line) => JSON.parse(line))
      .filter(({ route }) => route === '/grpc.health.v1.Health/Watch')
      .map((line) => line.status)
  await expect.poll(statuses).toEqual([499])
})

it.each(['v1', 'v1alpha'])('reflects its services and files in %s', async (version) => {
  const path = `grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`
  const { input, output } = schemasOf(path)
  const stream = client.channel.makeBidiStreamRequest(`/${path}`, same, same)
  async function ask(messageRequest: object) {
    const asked: MessageInitShape<typeof input> = { messageRequest }
    stream.write(Buffer.from(toBinary(input, create(input, asked))))
    const [answer] = await once(stream, 'data')
    return toJson(output, fromBinary(output, answer)) as Record<string, never>
  }
  const files = async (messageRequest: object) => {
    const { fileDescriptorResponse } = (await ask(messageRequest)) as { fileDescriptorResponse?: never }
    const { fileDescriptorProto = [] } = (fileDescriptorResponse ?? {}) as { fileDescriptorProto?: string[] }
    return fileDescriptorProto.map((text) => fromBinary(FileDescriptorProtoSchema, Buffer.from(text, 'base64')).name)
  }
  const { listServicesResponse } = await ask({ case: 'listServices', value: '' })
  expect(listServicesResponse).toEqual({ service: services.map((name) => ({ name })) })
  const folder = 'ory/keto/relation_tuples/v1alpha2'
  const ofCheck = [`${folder}/check_service.proto`, `${folder}/relation_tuples.proto`]
  for (const name of ['CheckService', 'CheckService.Check', 'CheckRequest', 'CheckRequest.tuple'])
    expect(await files({ case: 'fileContainingSymbol', value: `ory.keto.relation_tuples.v1alpha2.${name}` })).toEqual(
      ofCheck,
    )
  expect(await files({ case: 'fileByFilename', value: 'google/protobuf/field_mask.proto' })).toHaveLength(1)
  const notFound = { errorResponse: { errorCode: status.NOT_FOUND } }
  for (const asked of ['fileByFilename', 'fileContainingSymbol', 'allExtensionNumbersOfType'])
    expect(await ask({ case: asked, value: 'no.such' })).toMatchObject(notFound)
  expect(await ask({ case: 'fileContainingExtension', value: {} })).toMatchObject(notFound)
  expect(await ask({ case: undefined })).toMatchObject({ errorResponse: { errorCode: status.INVALID_ARGUMENT } })
  const ended = once(stream, 'status')
  stream.end()
  expect((await ended)[0]).toMatchObject({ code: status.OK })
})
