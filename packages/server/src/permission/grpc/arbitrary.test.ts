import { status } from '@grpc/grpc-js'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type GrpcClient, grpcClient, openGrpcApp, registry, schemasOf } from '../../../test/grpc.ts'

let server: Awaited<ReturnType<typeof openGrpcApp>>
let client: GrpcClient
beforeAll(async () => {
  server = await openGrpcApp()
  client = grpcClient(server.port, { token: server.token })
})
afterAll(async () => {
  client.close()
  await server.close()
})

const methods = [...registry].flatMap((one) =>
  one.kind === 'service' && one.methods[0]?.methodKind === 'unary'
    ? one.methods.filter(({ methodKind }) => methodKind === 'unary').map(({ name }) => `${one.typeName}/${name}`)
    : [],
)

type Message = ReturnType<typeof schemasOf>['input']

const varint = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map(written)
const names = fc.oneof(
  fc.constantFrom('File', 'Group', 'User', 'plan', 'view', 'viewers', 'members', '', 'ann', '\u{1f6a2}'.repeat(60)),
  fc.string({ unit: 'binary' }),
)
const text = names.map((name) => Buffer.from(name))
const noise = fc.uint8Array({ maxLength: 30 }).map((some) => Buffer.from(some))

/** Bytes that are mostly a message of a kind: some fields are missing, come twice, or hold what they must not. */
function messages(schema: Message, depth: number): fc.Arbitrary<Buffer> {
  const fields = schema.fields.map((field) => {
    const value =
      field.message && depth > 0
        ? messages(field.message, depth - 1).map(delimited)
        : field.scalar === 9 || field.scalar === 12
          ? text.map(delimited)
          : varint
    const type = field.message || field.scalar === 9 || field.scalar === 12 ? 2 : 0
    const right = value.map((bytes) => Buffer.concat([written(BigInt((field.number << 3) | type)), bytes]))
    const wrong = noise.map((bytes) => Buffer.concat([written(BigInt((field.number << 3) | 2)), delimited(bytes)]))
    return fc.oneof({ arbitrary: right, weight: 30 }, { arbitrary: wrong, weight: 1 })
  })
  const parts = fields.length > 0 ? fc.array(fc.oneof(...fields), { maxLength: 2 * fields.length }) : fc.constant([])
  return fc
    .tuple(parts, fc.oneof({ arbitrary: fc.constant(Buffer.alloc(0)), weight: 20 }, noise))
    .map(([list, rest]) => Buffer.concat([...list, rest]))
}

function written(value: bigint): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest >>= 7n) {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0))
    if (rest <= 127n) return Buffer.from(bytes)
  }
}

function delimited(bytes: Buffer): Buffer {
  return Buffer.concat([written(BigInt(bytes.length)), bytes])
}

it('finds every method that takes one message', () => {
  expect(methods).toHaveLength(11)
})

it.each(methods)('answers whatever %s is sent', async (method) => {
  const expected = [status.OK, status.INVALID_ARGUMENT, status.NOT_FOUND]
  const seen = new Set<status>()
  await fc.assert(
    fc.asyncProperty(fc.oneof({ arbitrary: messages(schemasOf(method).input, 4), weight: 9 }, noise), async (bytes) => {
      const { code } = await client.send(method, bytes)
      seen.add(code)
      expect(expected).toContain(code)
    }),
    { numRuns: 400 },
  )
  expect(seen.size).toBeGreaterThan(1)
  expect(server.lines.filter((line) => line.includes('call failed'))).toEqual([])
})
