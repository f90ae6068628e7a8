import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Latchkey, startLatchkey } from '../stage/latchkey.ts'

// The types of the package do not compile, and its clients require the version of the gRPC library that it depends on.
const require = createRequire(import.meta.url)
const keto = require('@ory/keto-grpc-client')
const { credentials } = createRequire(require.resolve('@ory/keto-grpc-client'))('@grpc/grpc-js')

let folder: string
let server: Latchkey
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keto-grpc-'))
  const file = join(folder, 'keto.yml')
  const hosts = ['read', 'write', 'metrics', 'opl'].map((name) => `  ${name}: { host: 127.0.0.1 }\n`).join('')
  await writeFile(file, `dsn: memory\nnamespaces: [{ name: files }]\nserve:\n${hosts}`)
  server = await startLatchkey({ keto: file })
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true })
})

it('writes, checks, expands, lists and deletes', async () => {
  const [read, write] = [new URL(server.read).host, new URL(server.write).host]
  const open = (Client: new (...given: unknown[]) => object, at: string) => new Client(at, credentials.createInsecure())
  const writes = open(keto.writeService.WriteServiceClient, write)
  const checks = open(keto.checkService.CheckServiceClient, read)
  const expands = open(keto.expandService.ExpandServiceClient, read)
  const reads = open(keto.readService.ReadServiceClient, read)

  const ann = new keto.relationTuples.Subject().setId('ann')
  const tuple = new keto.relationTuples.RelationTuple()
  tuple.setNamespace('files').setObject('plan').setRelation('owner').setSubject(ann)
  const delta = new keto.write.RelationTupleDelta().setRelationTuple(tuple)
  delta.setAction(keto.write.RelationTupleDelta.Action.ACTION_INSERT)
  const changes = new keto.write.TransactRelationTuplesRequest().setRelationTupleDeltasList([delta])
  expect((await call(writes, 'transactRelationTuples', changes)).snaptokensList).toHaveLength(1)

  const asked = new keto.check.CheckRequest().setNamespace('files').setObject('plan').setRelation('owner')
  expect(await call(checks, 'check', asked.setSubject(ann))).toMatchObject({ allowed: true })
  await expect(call(checks, 'check', asked.setNamespace('ships'))).rejects.toMatchObject({ code: 5 })

  const set = new keto.relationTuples.SubjectSet().setNamespace('files').setObject('plan').setRelation('owner')
  const whole = new keto.expand.ExpandRequest().setSubject(new keto.relationTuples.Subject().setSet(set))
  expect(await call(expands, 'expand', whole)).toMatchObject({
    tree: { nodeType: 1, childrenList: [{ nodeType: 4, subject: { id: 'ann' } }] },
  })

  const query = new keto.read.ListRelationTuplesRequest.Query().setNamespace('files')
  const list = new keto.read.ListRelationTuplesRequest().setQuery(query)
  expect((await call(reads, 'listRelationTuples', list)).relationTuplesList).toHaveLength(1)
  delta.setAction(keto.write.RelationTupleDelta.Action.ACTION_DELETE)
  await call(writes, 'transactRelationTuples', changes)
  expect((await call(reads, 'listRelationTuples', list)).relationTuplesList).toEqual([])
})

// biome-ignore lint/suspicious/noExplicitAny: the generated client has no types
function call(client: any, method: string, request: unknown): Promise<any> {
  return new Promise((resolve, reject) => {
    client[method](request, (error: Error | null, answer: { toObject(): object }) =>
      error ? reject(error) : resolve(answer.toObject()),
    )
  })
}
